// Score playground: Paint one mask over another, and watch overlap and surface scores follow each pixel.

// A mask is a list of rows of booleans. The scores are those of `unet_teach.metrics`, empty masks included.
export function counts(predicted, truth) {
  const found = { tp: 0, fp: 0, fn: 0, tn: 0 };
  predicted.forEach((row, y) => row.forEach((said, x) => { found[truth[y][x] ? (said ? "tp" : "fn") : said ? "fp" : "tn"] += 1; }));
  return found;
}
export function surface(mask) {
  const touches = (y, x) => [[y - 1, x], [y + 1, x], [y, x - 1], [y, x + 1]].some(([r, c]) => !mask[r]?.[c]);
  return mask.flatMap((row, y) => row.flatMap((here, x) => (here && touches(y, x) ? [[y, x]] : [])));
}
export function distances(from, to, [tall, wide]) {
  return from.map(([y, x]) => Math.sqrt(to.reduce((least, [r, c]) => Math.min(least, ((y - r) * tall) ** 2 + ((x - c) * wide) ** 2), Infinity)));
}
export function quantile(numbers, share) {
  if (!numbers.every(Number.isFinite)) return Infinity;
  const [sorted, place] = [[...numbers].sort((a, b) => a - b), (numbers.length - 1) * share];
  const below = Math.floor(place);
  return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}
export function scores(predicted, truth, tolerance, spacing) {
  const { tp, fp, fn, tn } = counts(predicted, truth);
  const [ours, theirs] = [surface(predicted), surface(truth)];
  const ways = [distances(ours, theirs, spacing), distances(theirs, ours, spacing)];
  const all = ways.flat();
  const share = (part, whole, without) => (whole ? part / whole : without);
  return {
    accuracy: (tp + tn) / (tp + fp + fn + tn),
    Dice: share(2 * tp, 2 * tp + fp + fn, 1),
    IoU: share(tp, tp + fp + fn, 1),
    precision: share(tp, tp + fp, Number(!(tp + fn))),
    recall: share(tp, tp + fn, Number(!(tp + fp))),
    "surface Dice": share(all.filter((one) => one <= tolerance * (1 + 1e-6)).length, all.length, 1),
    "mean surface distance": share(all.reduce((sum, one) => sum + one, 0), all.length, 0),
    HD95: Math.max(0, ...ways.filter((way) => way.length).map((way) => quantile(way, 0.95))),
  };
}

const SIDE = 20;
const drawn = (value) => Array.from({ length: SIDE }, (_, y) => Array.from({ length: SIDE }, (_, x) => Boolean(value(y, x))));
const disk = (row, column, radius) => drawn((y, x) => Math.hypot(y - row, x - column) <= radius);
export const moved = (mask, down, right) => drawn((y, x) => mask[y - down]?.[x - right]);
export const grown = (mask) => drawn((y, x) => mask[y][x] || mask[y - 1]?.[x] || mask[y + 1]?.[x] || mask[y][x - 1] || mask[y][x + 1]);
const inverse = (mask) => mask.map((row) => row.map((one) => !one));
const corner = (rows) => drawn((y, x) => rows[y - 8]?.[x - 8] === "1");
export const TRUTHS = {
  "a disk": [disk(9.5, 9.5, 6), moved(disk(9.5, 9.5, 6), 0, 2)],
  "a small disk": [disk(9, 9, 2), moved(disk(9, 9, 2), 0, 2)],
  "a thin line": [drawn((y, x) => Math.abs(x - 9 - 3 * Math.sin(y / 4)) < 1), moved(drawn((y, x) => Math.abs(x - 9 - 3 * Math.sin(y / 4)) < 1), 0, 2)],
  "two cells": [drawn((y, x) => Math.hypot(y - 9.5, x - 5) < 4.5 || Math.hypot(y - 9.5, x - 14.5) < 4.5), drawn((y, x) => Math.hypot((y - 9.5) * 2, x - 9.7) < 9)],
  "the chapter's first example": [corner(["0000", "0110", "0110", "0000"]), corner(["0000", "0011", "0011", "0001"])],
  "nothing there": [drawn(() => false), disk(4, 4, 0)],
};

function make(tag, properties = {}, ...children) {
  const { aria, ...plain } = properties;
  const node = Object.assign(document.createElement(tag), plain);
  for (const [name, value] of Object.entries(aria ?? {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const DEFAULTS = { shape: "a disk", truth: TRUTHS["a disk"][0], predicted: TRUTHS["a disk"][1], paints: "prediction", brush: 1, tolerance: 1, tall: 1 };
const UNITS = { "mean surface distance": " mm", HD95: " mm" };

export default { render };
function render({ model, el }) {
  el.classList.add("touch-box");
  const keep = ({ key, target, ctrlKey, altKey, metaKey }) => (key === "Escape" ? el.closest(".jp-Cell")?.focus() : target.toggleAttribute("data-lm-suppress-shortcuts", !(ctrlKey || altKey || metaKey)));
  for (const kind of ["focusin", "keydown", "keyup"]) el.addEventListener(kind, keep); // else JupyterLab takes its keys; Escape gives them back
  const get = (name) => model.get(name) ?? DEFAULTS[name];
  let [frame, timer, cursor, brushing, pressed] = [0, 0, [9, 9], null, null];
  const later = () => { frame ||= requestAnimationFrame(show); };
  const set = (changes) => {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
    later();
  };
  const select = (label, name, options, change = (value) => set({ [name]: value })) => {
    const list = make("select", { onchange: () => change(typeof options[0] === "number" ? Number(list.value) : list.value) }, ...options.map((one) => new Option(one, one, false, one === get(name))));
    return make("label", {}, label, list);
  };
  const button = (name, change) => make("button", { type: "button", textContent: name, onclick: () => set({ predicted: change(get("predicted")) }) });
  const canvas = make("canvas", { width: 480, height: 480, tabIndex: 0, aria: { role: "application", "aria-roledescription": "drawing", "aria-label": "Masks: the arrow keys move the brush, the space bar paints or takes away" } });
  Object.assign(canvas.style, { maxWidth: "30rem", touchAction: "none" });
  const [body, said] = [make("tbody"), make("p", { className: "touch-said", aria: { role: "status" } })];
  const where = make("p", { className: "touch-note" });

  const target = () => (get("paints") === "truth" ? "truth" : "predicted");
  function stamp([row, column], to) {
    const reach = get("brush") - 1;
    const hit = (y, x) => Math.abs(y - row) <= reach && Math.abs(x - column) <= reach;
    set({ [target()]: get(target()).map((line, y) => line.map((one, x) => (hit(y, x) ? to : one))) });
  }
  const inside = (value) => Math.min(SIDE - 1, Math.max(0, value));
  const cell = (touch) => {
    const box = canvas.getBoundingClientRect();
    return [inside(Math.floor(((touch.clientY - box.top) / box.height) * SIDE)), inside(Math.floor(((touch.clientX - box.left) / box.width) * SIDE))];
  };
  canvas.onpointerdown = (touch) => {
    canvas.setPointerCapture(touch.pointerId);
    cursor = pressed = cell(touch);
    brushing = !get(target())[cursor[0]][cursor[1]];
    stamp(cursor, brushing);
  };
  canvas.onpointermove = (touch) => {
    if (brushing === null) return;
    const [from, to] = [pressed, cell(touch)];
    const steps = Math.max(1, Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])); // a quick finger leaves no gaps
    for (let step = 1; step <= steps; step += 1) stamp([0, 1].map((axis) => Math.round(from[axis] + ((to[axis] - from[axis]) * step) / steps)), brushing);
    cursor = pressed = to;
  };
  canvas.onpointerup = canvas.onpointercancel = () => { brushing = null; };
  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  canvas.onkeydown = (press) => {
    if (![" ", "Enter", ...Object.keys(ARROWS)].includes(press.key)) return;
    press.preventDefault();
    if (ARROWS[press.key]) cursor = ARROWS[press.key].map((step, axis) => inside(cursor[axis] + step));
    else stamp(cursor, !get(target())[cursor[0]][cursor[1]]);
    later();
  };

  function paint(predicted, truth) {
    const [pen, size] = [canvas.getContext("2d"), 480 / SIDE];
    const dark = getComputedStyle(el).color.match(/\d+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0) > 380;
    pen.fillStyle = dark ? "#1c2328" : "#f4f6f7";
    pen.fillRect(0, 0, 480, 480);
    predicted.forEach((row, y) => row.forEach((there, x) => {
      if (there) pen.fillStyle = truth[y][x] ? "#2b9d8a" : "#d9703a";
      else if (truth[y][x]) pen.fillStyle = dark ? "#3f6d9a" : "#a9c8e8";
      if (there || truth[y][x]) pen.fillRect(x * size, y * size, size, size);
    }));
    pen.strokeStyle = dark ? "#333d44" : "#dfe5e8";
    pen.lineWidth = 1;
    for (let line = 1; line < SIDE; line += 1) pen.strokeRect(line * size, -1, SIDE * size, 482), pen.strokeRect(-1, line * size, 482, SIDE * size);
    [pen.strokeStyle, pen.lineWidth] = [dark ? "#fff" : "#000", 3];
    pen.beginPath();
    const wall = (x1, y1, x2, y2) => { pen.moveTo(x1 * size, y1 * size); pen.lineTo(x2 * size, y2 * size); };
    truth.forEach((row, y) => row.forEach((there, x) => {
      if (there !== Boolean(row[x + 1])) wall(x + 1, y, x + 1, y + 1);
      if (there !== Boolean(truth[y + 1]?.[x])) wall(x, y + 1, x + 1, y + 1);
      if (there && !x) wall(0, y, 0, y + 1);
      if (there && !y) wall(x, 0, x + 1, 0);
    }));
    pen.stroke();
    [pen.strokeStyle, pen.lineWidth] = ["#ffa94d", 3];
    const reach = get("brush") - 1;
    pen.strokeRect((cursor[1] - reach) * size + 2, (cursor[0] - reach) * size + 2, (2 * reach + 1) * size - 4, (2 * reach + 1) * size - 4);
  }
  function show() {
    frame = 0;
    if (!el.isConnected) return later(); // a notebook lets it be drawn before it has a place, and so colours
    const [predicted, truth, tolerance, tall] = ["predicted", "truth", "tolerance", "tall"].map(get);
    paint(predicted, truth);
    const found = scores(predicted, truth, tolerance, [tall, 1]);
    const value = (name) => (Number.isFinite(found[name]) ? `${found[name].toFixed(3)}${UNITS[name] ?? ""}` : "infinite");
    body.replaceChildren(...Object.keys(found).map((name) => make("tr", {}, make("td", { textContent: name === "surface Dice" ? `surface Dice at ${tolerance} mm` : name }), make("td", { textContent: value(name) }))));
    const { tp, fp, fn, tn } = counts(predicted, truth);
    where.textContent = `TP ${tp}, FP ${fp}, FN ${fn}, TN ${tn}. Brush at row ${cursor[0] + 1}, column ${cursor[1] + 1}.`;
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = `Dice ${value("Dice")}, surface Dice ${value("surface Dice")}.`; }, 500);
  }
  for (const name of Object.keys(DEFAULTS)) model.on(`change:${name}`, later);
  const look = new MutationObserver(later); // light and dark have other grounds, on a page and in JupyterLab
  for (const node of [document.documentElement, document.body]) look.observe(node, { attributeFilter: ["data-theme", "data-jp-theme-light"] });

  el.append(
    make("div", { className: "touch-row" }, select("Truth", "shape", Object.keys(TRUTHS), (shape) => set({ shape, truth: TRUTHS[shape][0], predicted: TRUTHS[shape][1] })), select("You paint the", "paints", ["prediction", "truth"]), select("Brush", "brush", [1, 2, 3]), select("Tolerance, mm", "tolerance", [0, 1, 2, 3]), select("Height of a pixel, mm", "tall", [1, 2, 5])),
    make("div", { className: "touch-row" }, button("Copy the truth", () => get("truth")), button("Move right", (mask) => moved(mask, 0, 1)), button("Move down", (mask) => moved(mask, 1, 0)), button("Grow", grown), button("Shrink", (mask) => inverse(grown(inverse(mask)))), button("Clear", () => drawn(() => false))),
    make("div", { className: "touch-pair" }, make("div", {}, canvas, make("p", { className: "touch-note", textContent: "Outlined: the truth. Green: found. Orange: false alarm. Blue: missed." }), where), make("div", {}, make("table", { className: "touch-grid touch-words" }, make("caption", { textContent: "Scores of the prediction" }), body), said)),
  );
  show();
  return () => { look.disconnect(); cancelAnimationFrame(frame); clearTimeout(timer); };
}
