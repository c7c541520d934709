// Shape explorer: Choose a size, a depth, a width and padding, and see every tensor of the U-Net, its parameters and its work.

// The sizes that fit: `unet_teach.models.UNet` wants multiples of 2^depth; the paper's walk without padding wants an even
// size before each pooling, and something left at the end.
export function nearest(size, depth, padded) {
  const factor = 2 ** depth;
  const [rest, smallest] = padded ? [0, factor] : [(4 * (factor - 1)) % factor, factor * (depth > 1 ? 8 : 7) + 4 * (factor - 1)];
  if (size >= smallest && (size - rest) % factor === 0) return [];
  if (size < smallest) return [smallest];
  const below = size - ((size - rest) % factor);
  return [below, below + factor];
}

// Every tensor on the way, with the parameters and multiplications of the layers that made it.
export function shapes({ size, depth, width, padded, channels = 1, classes = 2 }) {
  const legal = nearest(size, depth, padded);
  if (legal.length) throw new RangeError(legal.join(" and "));
  const tensors = [{ name: "image", level: 0, channels, size, parameters: 0, multiplications: 0 }];
  const last = () => tensors[tensors.length - 1];
  const note = (name, level, channels, size, parameters = 0, multiplications = 0) => tensors.push({ name, level, channels, size, parameters, multiplications });
  const block = (name, level, to) => {
    const { channels: from, size: before } = last();
    const [first, second] = padded ? [before, before] : [before - 2, before - 4];
    const extra = padded ? 4 * to : 2 * to; // two norms with two numbers a channel, or a bias in each convolution
    note(name, level, to, second, 9 * (from * to + to * to) + extra, 9 * to * (from * first ** 2 + to * second ** 2));
  };
  const skips = [];
  for (let level = 0; level < depth; level += 1) {
    block(`block ${level + 1}, down`, level, width * 2 ** level);
    skips.push(last());
    note("pooled", level + 1, last().channels, last().size / 2);
  }
  block("bottom", depth, width * 2 ** depth);
  for (let level = depth - 1; level >= 0; level -= 1) {
    const { channels: from, size: before } = last();
    const to = from / 2;
    note("up-convolution", level, to, 2 * before, 4 * from * to + to, 4 * from * to * before ** 2);
    const cut = skips[level].size - last().size;
    note(cut ? `joined with the copy, ${cut / 2} cut off each side` : "joined with the copy", level, 2 * to, last().size);
    block(`block ${level + 1}, up`, level, to);
  }
  note("output", 0, classes, last().size, width * classes + classes, width * classes * last().size ** 2);
  const total = (what) => tensors.reduce((sum, one) => sum + one[what], 0);
  return { tensors, output: last().size, parameters: total("parameters"), multiplications: total("multiplications") };
}

const SVG = "http://www.w3.org/2000/svg"; // the name of a language, no address
function draw(kind, attributes, ...children) {
  const node = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
function make(tag, properties = {}, ...children) {
  const { aria, ...plain } = properties;
  const node = Object.assign(document.createElement(tag), plain);
  for (const [name, value] of Object.entries(aria ?? {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
const count = (number) => Math.round(number).toLocaleString("en");
const rough = (number) => (number >= 1e9 ? `${(number / 1e9).toFixed(2)} billion` : number >= 1e6 ? `${(number / 1e6).toFixed(1)} million` : count(number));

// The U: a box a tensor, as high as it is large, as wide as it has channels; copies go across, dashed.
function picture(tensors, depth) {
  const [step, drop] = [46, 88];
  const most = Math.max(...tensors.map((one) => one.channels));
  const shown = tensors.filter((one) => one.name !== "up-convolution"); // which is the full half of what is joined
  const high = (one) => Math.max(3, (52 * one.size) / tensors[0].size);
  const [wide, tall] = [shown.length * step + 10, (depth + 1) * drop + 20];
  const svg = draw("svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": "The U drawn from its tensors; the table below has the same numbers.", style: `display: block; width: 100%; min-width: ${wide * 0.8}px` });
  const middle = shown.map((one, place) => [place * step + step / 2 + 5, one.level * drop + drop / 2 + 12]);
  shown.forEach((one, place) => {
    const [x, y] = middle[place];
    const [width, height] = [5 + 27 * Math.sqrt(one.channels / most), high(one)];
    const copied = one.name.startsWith("joined");
    if (copied) {
      const from = shown.findIndex((other) => other.level === one.level && other.name.endsWith("down"));
      svg.append(draw("path", { d: `M${middle[from][0] + 20} ${y}H${x - width / 2 - 2}`, stroke: "currentColor", "stroke-dasharray": "3 4", opacity: 0.6, fill: "none" }));
    }
    const level = place && shown[place - 1].level !== one.level;
    if (level) {
      const [down, before] = [one.level > shown[place - 1].level ? 1 : -1, high(shown[place - 1])];
      const path = `M${middle[place - 1][0]} ${middle[place - 1][1] + down * (before / 2 + 17)}L${x} ${y - down * (height / 2 + 17)}`;
      svg.append(draw("path", { d: path, stroke: down > 0 ? "#d9822b" : "#0e7c8b", "stroke-width": 3 }));
    }
    svg.append(draw("rect", { x: x - width / 2, y: y - height / 2, width, height, fill: copied ? "var(--ground)" : one.level === depth ? "#7a5aa6" : place > shown.length / 2 ? "#d9822b" : "#0e7c8b", stroke: "currentColor" }));
    if (copied) svg.append(draw("rect", { x, y: y - height / 2, width: width / 2, height, fill: "#d9822b" }));
    const text = (words, down, weight) => draw("text", { x, y: y + down, "text-anchor": "middle", "font-size": 12.5, "font-weight": weight, fill: "currentColor" }, words);
    svg.append(text(one.channels, -height / 2 - 4, 600), text(one.size, height / 2 + 13, 400));
  });
  return svg;
}

const DEFAULTS = { size: 512, depth: 3, width: 16, padded: true };

export default { render };
function render({ model, el }) {
  el.classList.add("touch-box");
  const keep = ({ key, target, ctrlKey, altKey, metaKey }) => (key === "Escape" ? el.closest(".jp-Cell")?.focus() : target.toggleAttribute("data-lm-suppress-shortcuts", !(ctrlKey || altKey || metaKey)));
  for (const kind of ["focusin", "keydown", "keyup"]) el.addEventListener(kind, keep); // else JupyterLab takes its keys; Escape gives them back
  const get = (name) => model.get(name) ?? DEFAULTS[name];
  const set = (changes) => {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
    show();
  };
  const size = make("input", { type: "number", min: 1, max: 4096, step: 1, onchange: () => set({ size: Math.min(4096, Math.max(1, Math.round(Number(size.value) || 1))) }) });
  const slide = make("input", { type: "range", min: 32, max: 1024, step: 4, oninput: () => set({ size: Number(slide.value) }), aria: { "aria-label": "Size, as a slider" } });
  const depth = make("input", { type: "range", min: 1, max: 5, oninput: () => set({ depth: Number(depth.value) }) });
  const width = make("select", { onchange: () => set({ width: Number(width.value) }) }, ...[4, 8, 16, 24, 32, 64].map((one) => new Option(one)));
  const padded = make("select", { onchange: () => set({ padded: padded.value === "yes" }) }, new Option("padded, as ours", "yes"), new Option("unpadded, as the paper's", "no"));
  const depthName = make("span");
  const said = make("p", { className: "touch-said", aria: { role: "status" } });
  const offers = make("div", { className: "touch-row" });
  const [stage, body] = [make("div"), make("tbody")];
  stage.style.overflowX = "auto";
  const preset = (name, values) => make("button", { type: "button", textContent: name, onclick: () => set(values) });
  const head = ["tensor", "channels", "size", "parameters", "multiplications"].map((name) => make("th", { textContent: name, scope: "col" }));
  let timer = 0;
  function say(words) {
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = words; }, 300);
  }
  function show() {
    const now = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, get(name)]));
    [size.value, slide.value, depth.value, width.value, padded.value] = [now.size, now.size, now.depth, now.width, now.padded ? "yes" : "no"];
    depthName.textContent = `Depth: ${now.depth} halvings`;
    const legal = nearest(now.size, now.depth, now.padded);
    offers.replaceChildren(...legal.map((one) => preset(`Take ${one}`, { size: one })));
    const found = legal.length ? null : shapes(now);
    stage.replaceChildren(...(found ? [picture(found.tensors, now.depth)] : []));
    const rows = (found?.tensors ?? []).map((one) => make("tr", {}, make("td", { textContent: one.name }), ...["channels", "size", "parameters", "multiplications"].map((what) => make("td", { textContent: what === "size" ? `${one.size}²` : one[what] ? count(one[what]) : "" }))));
    body.replaceChildren(...rows);
    const why = now.padded ? `every side must be a multiple of ${2 ** now.depth}` : "a pooling would meet an odd size, or nothing would be left";
    if (found) say(`${now.size} pixels in, ${found.output} out. ${count(found.parameters)} parameters, ${rough(found.multiplications)} multiplications.`);
    else say(`${now.size} pixels do not fit: ${why}. Nearest legal: ${legal.join(" and ")}.`);
  }
  for (const name of Object.keys(DEFAULTS)) model.on(`change:${name}`, show);
  const scroll = make("div", { tabIndex: 0, aria: { role: "group", "aria-label": "Table of all tensors" } }, make("table", { className: "touch-grid touch-words" }, make("thead", {}, make("tr", {}, ...head)), body));
  Object.assign(scroll.style, { overflow: "auto", maxHeight: "20rem" });
  Object.assign(stage, { tabIndex: 0 });
  stage.setAttribute("role", "group");
  stage.setAttribute("aria-label", "Drawing of the U");
  el.append(
    make("div", { className: "touch-row" }, make("label", {}, "Size in pixels", size), slide, make("label", {}, depthName, depth)),
    make("div", { className: "touch-row" }, make("label", {}, "Width: channels at the top", width), make("label", {}, "Convolutions", padded), preset("The paper's", { size: 572, depth: 4, width: 64, padded: false }), preset("Ours", DEFAULTS)),
    said, offers, stage,
    make("p", { className: "touch-note", textContent: "Above a box stand its channels, below it its size in pixels. Orange lines go down by pooling, teal ones up; dashed lines are the copies." }),
    scroll,
  );
  show();
  return () => clearTimeout(timer);
}
