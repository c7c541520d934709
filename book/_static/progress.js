// What a reader has read and done: ticks at the end of each chapter and exercise, shown beside the chapter in the side
// bar, and summed up on the first page. Kept in this browser and nowhere else. Where storage is blocked there are no ticks.
const progressKeys = ["unet-course-progress", "unet-course-self-test"];
const chapters = window.courseChapters ?? {};
const chapterOf = (address) => new URL(address, location.href).pathname.match(/\/notebooks\/([\w-]+)\.html$/)?.[1];
const here = chapterOf(location.href);
let keeps = !window.storageIsBlocked;

// {chapter: {read: true, done: ["exercise-1", ...]}}, read anew each time: another tab may have changed it.
function progress() {
  try {
    const kept = JSON.parse(localStorage.getItem(progressKeys[0]));
    return kept?.constructor === Object ? kept : {};
  } catch (error) {
    keeps &&= error instanceof SyntaxError; // something else stands there: begin anew
    return {};
  }
}

function change(edit) {
  const kept = progress();
  kept[here] = { read: false, done: [], ...kept[here] };
  edit(kept[here]);
  try {
    localStorage.setItem(progressKeys[0], JSON.stringify(kept));
  } catch {} // full, or blocked
  show();
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function tick(words, isSet, set) {
  const box = element("input", { type: "checkbox", onchange: () => change((own) => set(own, box.checked)) });
  updates.push((kept) => (box.checked = isSet({ read: false, done: [], ...kept[here] })));
  return element("label", { className: "progress-tick" }, box, ` ${words}`);
}

// The numbers, and a way to forget them.
function summary() {
  const words = element("span", {});
  words.setAttribute("role", "status");
  const forget = element("button", { type: "button", className: "progress-forget", textContent: "Forget it all" });
  forget.onclick = () => {
    if (!confirm("Forget what you have read and done, and your answers to the self-test?")) return;
    progressKeys.forEach((key) => localStorage.removeItem(key));
    show();
  };
  const whole = element("p", { className: "progress-summary" }, words, " ", forget);
  updates.push((kept) => {
    const known = Object.keys(chapters);
    const read = known.filter((name) => kept[name]?.read).length;
    const done = known.reduce((sum, name) => sum + (kept[name]?.done?.length ?? 0), 0);
    const all = Object.values(chapters).reduce((sum, count) => sum + count, 0);
    const text = `${read} of ${known.length} chapters, ${done} of ${all} exercises. This is kept in your browser and nowhere else.`;
    if (words.textContent !== text) words.textContent = text;
    whole.hidden = read + done === 0;
  });
  return whole;
}

function mark(link) {
  const name = chapterOf(link.href);
  if (!(name in chapters)) return;
  const seen = element("span", { className: "progress-mark" });
  seen.setAttribute("aria-hidden", "true");
  const words = element("span", { className: "progress-words" });
  link.append(seen, words);
  updates.push((kept) => {
    const { read, done = [] } = kept[name] ?? {};
    seen.textContent = [read ? "✓" : "", done.length ? `${done.length}/${chapters[name]}` : ""].filter(Boolean).join(" ");
    words.textContent = [read ? ", read" : "", done.length ? `, ${done.length} of ${chapters[name]} exercises done` : ""].join("");
  });
}

const updates = [];
function show() {
  const kept = progress();
  for (const update of updates) update(kept);
}

progress();
if (keeps) {
  document.querySelectorAll("#pst-primary-sidebar a.internal").forEach(mark);
  if (here in chapters) {
    for (const section of document.querySelectorAll("article section[id^='exercise-']")) {
      const folds = [...section.querySelectorAll(":scope > .cell.tag_hide-cell")];
      const solution = folds.find((cell) => /Solution to exercise/.test(cell.textContent));
      const name = section.querySelector("h3").textContent.match(/^Exercise [\d.]*\d/)?.[0] ?? "This exercise";
      const set = (own, on) => (own.done = [...own.done.filter((one) => one !== section.id), ...(on ? [section.id] : [])]);
      const box = tick(`${name} is done`, (own) => own.done.includes(section.id), set);
      (solution ?? section.querySelector("h3")).after(element("p", {}, box));
    }
    const read = tick("I have read this chapter", (own) => own.read, (own, on) => (own.read = on));
    const end = element("div", { className: "progress-end" }, read, summary());
    document.querySelector("article.bd-article").append(end);
  }
  const first = document.getElementById("progress") ?? document.querySelector(".start-button")?.closest("p");
  first?.after(summary());
  show();
  addEventListener("storage", show);
  addEventListener("pageshow", show);
}
