// Things to touch. Each lies in `touch/` as an ES module with anywidget's interface, and is fetched when its button is
// pressed, not before. Opened as a file a page may load no module: there it says what to do instead.
const touchBase = document.currentScript.src;

// What a module asks of anywidget's model.
class TouchModel {
  constructor(values) {
    [this.values, this.heard] = [values, new Map()];
  }
  get(name) {
    return this.values[name];
  }
  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    for (const event of [`change:${name}`, "change"]) for (const call of this.heard.get(event) ?? []) call(this, value);
  }
  on(events, call) {
    for (const event of events.split(" ")) this.heard.set(event, [...(this.heard.get(event) ?? []), call]);
  }
  off(events, call) {
    for (const event of events?.split(" ") ?? [...this.heard.keys()])
      this.heard.set(event, call ? (this.heard.get(event) ?? []).filter((one) => one !== call) : []);
  }
  save_changes() {}
  send() {}
}

async function startTouch(place, box) {
  const { touch, values } = place.dataset;
  const [{ default: part }, known] = await Promise.all([
    import(new URL(`touch/${touch}.js`, touchBase)),
    values ? fetch(new URL(values, touchBase)).then((answer) => answer.json()) : {},
  ]);
  const model = new TouchModel({ ...known, site: new URL(".", touchBase).href });
  const definition = typeof part === "function" ? await part() : part;
  await definition.initialize?.({ model });
  return definition.render({ model, el: box });
}

for (const place of document.querySelectorAll(".touch")) {
  const sentence = place.querySelector("p");
  if (location.protocol === "file:") {
    sentence.append(" A page that is opened as a file cannot start it: run make serve, or python -m http.server in the folder of the site, and open the address that it prints.");
    continue;
  }
  const { name } = place.dataset;
  const button = document.createElement("button");
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const idle = `Start: ${name}`;
  Object.assign(button, { type: "button", textContent: idle });
  button.setAttribute("aria-expanded", "false");
  let [box, cleanup, busy] = [null, null, false];
  button.onclick = async () => {
    if (busy) return;
    busy = true;
    const cell = place.closest(".cell");
    if (box) {
      cleanup?.();
      box.remove();
      box = null;
      cell?.classList.remove("touched");
      [button.textContent, status.textContent] = [idle, ""];
    } else {
      box = document.createElement("div");
      box.className = "touch-box";
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", name);
      status.textContent = "Loading.";
      place.append(box);
      try {
        cleanup = await startTouch(place, box);
        cell?.classList.add("touched");
        [button.textContent, status.textContent] = ["Back to the figure", ""];
      } catch (error) {
        box.remove();
        box = null;
        status.textContent = `It did not start: ${error.message}`;
      }
    }
    button.setAttribute("aria-expanded", String(Boolean(box)));
    busy = false;
  };
  place.prepend(button, status);
}
