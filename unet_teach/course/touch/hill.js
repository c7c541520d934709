// Hill: Roll down a loss by hand or by gradient descent, with a rate and a momentum of your choice.

// Each hill has its height and its two slopes at (u, v); chapter 3's bowl is the first.
export const HILLS = {
  "chapter 3's bowl": { height: (u, v) => (u * u + 8 * v * v) / 2, slopes: (u, v) => [u, 8 * v], best: [0, 0], limit: 2 / 8 },
  "a valley that lies aslant": { height: (u, v) => (u + v) ** 2 + 0.1 * (u - v) ** 2, slopes: (u, v) => [2.2 * u + 1.8 * v, 1.8 * u + 2.2 * v], best: [0, 0], limit: 2 / 4 },
  "two dips, one deeper": { height: (u, v) => (u * u - 1) ** 2 + 0.3 * u + 2 * v * v + 0.4, slopes: (u, v) => [4 * u * (u * u - 1) + 0.3, 4 * v], best: [-1.0355787, 0], limit: 0.2255 },
};
// One step: the velocity keeps a share of itself and gains the slope; the point goes against it, rate times as far.
export function step({ point, velocity }, name, rate, momentum) {
  const now = HILLS[name].slopes(...point).map((slope, axis) => momentum * velocity[axis] + slope);
  return { point: point.map((value, axis) => value - rate * now[axis]), velocity: now };
}
export function walk(start, name, rate, momentum, steps) {
  const path = [{ point: start, velocity: [0, 0] }];
  for (let made = 0; made < steps; made += 1) path.push(step(path[made], name, rate, momentum));
  return path.map((one) => one.point);
}

const REACH = 2.5; // the map shows -2.5 to 2.5 both ways
const SIZE = 480;
function make(tag, properties = {}, ...children) {
  const { aria, ...plain } = properties;
  const node = Object.assign(document.createElement(tag), plain);
  for (const [name, value] of Object.entries(aria ?? {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
const short = (number) => (Number.isFinite(number) && Math.abs(number) < 1e6 ? String(Number(number.toFixed(3))) : Number.isFinite(number) ? number.toExponential(1) : "beyond all numbers").replace("-", "−");

const DEFAULTS = { hill: "chapter 3's bowl", share: 0.5, momentum: 0, blind: false, path: [[2, 1]], velocity: [0, 0] };

export default { render };
function render({ model, el }) {
  el.classList.add("touch-box");
  const keep = ({ key, target, ctrlKey, altKey, metaKey }) => (key === "Escape" ? el.closest(".jp-Cell")?.focus() : target.toggleAttribute("data-lm-suppress-shortcuts", !(ctrlKey || altKey || metaKey)));
  for (const kind of ["focusin", "keydown", "keyup"]) el.addEventListener(kind, keep); // else JupyterLab takes its keys; Escape gives them back
  const get = (name) => model.get(name) ?? DEFAULTS[name];
  let [frame, timer, ground, drawnHill] = [0, 0, null, ""];
  const later = () => { frame ||= requestAnimationFrame(show); };
  const set = (changes) => {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
    later();
  };
  const hill = () => HILLS[get("hill")];
  const point = () => get("path").at(-1);
  const rate = () => get("share") * hill().limit;
  const go = (to, velocity = [0, 0]) => set({ path: [...get("path"), to], velocity });
  const descend = (steps) => {
    let [now, path] = [{ point: point(), velocity: get("velocity") }, [...get("path")]];
    for (let made = 0; made < steps; made += 1) path.push((now = step(now, get("hill"), rate(), get("momentum"))).point);
    set({ path, velocity: now.velocity });
  };
  const restart = () => set({ path: [[2, 1]], velocity: [0, 0] });

  const canvas = make("canvas", { width: SIZE, height: SIZE, tabIndex: 0, aria: { role: "application", "aria-roledescription": "map", "aria-label": "Map of the hill: the arrow keys take a step of a tenth" } });
  canvas.style.maxWidth = "30rem";
  canvas.onpointerdown = (touch) => {
    const box = canvas.getBoundingClientRect();
    go([((touch.clientX - box.left) / box.width) * 2 * REACH - REACH, REACH - ((touch.clientY - box.top) / box.height) * 2 * REACH].map((one) => Math.round(one * 20) / 20));
  };
  const ARROWS = { ArrowUp: [0, 0.1], ArrowDown: [0, -0.1], ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0] };
  const by = (way) => go(point().map((one, axis) => Math.round((one + way[axis]) * 1e6) / 1e6));
  canvas.onkeydown = (press) => {
    if (!ARROWS[press.key]) return;
    press.preventDefault();
    by(ARROWS[press.key]);
  };
  const arrows = Object.entries(ARROWS).map(([name, way]) => make("button", { type: "button", textContent: { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" }[name], onclick: () => by(way), aria: { "aria-label": `Step ${name.slice(5).toLowerCase()}` } }));
  const button = (name, press) => make("button", { type: "button", textContent: name, onclick: press });
  const choose = make("select", { onchange: () => set({ hill: choose.value, path: [[2, 1]], velocity: [0, 0] }) }, ...Object.keys(HILLS).map((one) => new Option(one, one, false, one === get("hill"))));
  const slider = (name, max, step) => make("input", { type: "range", min: 0, max, step, value: get(name), oninput: (change) => set({ [name]: Number(change.target.value) }) });
  const [rateName, momentumName] = [make("span"), make("span")];
  const blind = make("input", { type: "checkbox", checked: get("blind"), onchange: () => set({ blind: blind.checked }) });
  const [facts, said] = [make("p"), make("p", { className: "touch-said", aria: { role: "status" } })];

  // The hill as greys with lines of equal height, drawn once for each hill.
  function land() {
    const tile = Object.assign(document.createElement("canvas"), { width: 240, height: 240 });
    const [pen, pixels] = [tile.getContext("2d"), new ImageData(240, 240)];
    const level = (x, y) => Math.sqrt(Math.max(0, hill().height((x / 120 - 1) * REACH, (1 - y / 120) * REACH)));
    for (let y = 0; y < 240; y += 1) for (let x = 0; x < 240; x += 1) {
      const here = level(x, y) * 2;
      const line = [level(x + 1, y), level(x, y + 1)].some((next) => Math.floor(next * 2) !== Math.floor(here));
      const grey = line ? 70 : Math.max(105, 235 - 13 * here);
      pixels.data.set([grey, grey, grey, 255], 4 * (y * 240 + x));
    }
    pen.putImageData(pixels, 0, 0);
    return tile;
  }
  const at = ([u, v]) => [((u + REACH) / (2 * REACH)) * SIZE, ((REACH - v) / (2 * REACH)) * SIZE];
  function show() {
    frame = 0;
    const [path, pen] = [get("path"), canvas.getContext("2d")];
    if (drawnHill !== get("hill")) [ground, drawnHill] = [land(), get("hill")];
    if (get("blind")) {
      pen.fillStyle = "#c9c9c9";
      pen.fillRect(0, 0, SIZE, SIZE);
    } else {
      pen.drawImage(ground, 0, 0, SIZE, SIZE);
      pen.font = "28px sans-serif";
      [pen.fillStyle, pen.textAlign, pen.textBaseline] = ["#000", "center", "middle"];
      pen.fillText("★", ...at(hill().best));
    }
    [pen.strokeStyle, pen.fillStyle, pen.lineWidth] = ["#9a3a00", "#d55e00", 2.5];
    pen.beginPath();
    path.forEach((one) => pen.lineTo(...at(one)));
    pen.stroke();
    path.forEach((one, place) => {
      pen.beginPath();
      pen.arc(...at(one), place === path.length - 1 ? 9 : 4, 0, 7);
      pen.fill();
    });
    const [here, height, slopes] = [point(), hill().height(...point()), hill().slopes(...point())];
    const length = Math.hypot(...slopes) || 1;
    const arrow = at(here.map((one, axis) => one - (slopes[axis] / length) * 0.45));
    [pen.strokeStyle, pen.lineWidth] = ["#004a75", 4];
    pen.beginPath();
    pen.moveTo(...at(here));
    pen.lineTo(...arrow);
    pen.stroke();
    rateName.textContent = `Rate ${short(rate())}: ${short(get("share"))} of the largest, ${short(hill().limit)}`;
    momentumName.textContent = `Momentum ${short(get("momentum"))}`;
    facts.textContent = `u ${short(here[0])}, v ${short(here[1])}; slopes ${short(slopes[0])} and ${short(slopes[1])}.`;
    clearTimeout(timer);
    const out = here.some((one) => !(Math.abs(one) <= REACH));
    timer = setTimeout(() => { said.textContent = `After ${path.length - 1} step${path.length === 2 ? "" : "s"} the loss is ${short(height)}${out ? ", off the map" : ""}.`; }, 300);
  }
  for (const name of Object.keys(DEFAULTS)) model.on(`change:${name}`, later);

  el.append(
    make("div", { className: "touch-row" }, make("label", {}, "Hill", choose), make("label", {}, rateName, slider("share", 1.2, 0.01)), make("label", {}, momentumName, slider("momentum", 0.95, 0.05))),
    make("div", { className: "touch-row" }, button("One step", () => descend(1)), button("25 steps", () => descend(25)), button("Start again", restart), make("label", { className: "touch-tick" }, blind, "in the dark: no map")),
    make("div", { className: "touch-pair" }, make("div", {}, canvas), make("div", {}, said, facts, make("p", { className: "touch-note", textContent: "Blue: the way down from here. By hand: press a place on the map, or use the arrow keys or these buttons, a tenth at a time." }), make("div", { className: "touch-row" }, ...arrows))),
  );
  show();
  return () => { cancelAnimationFrame(frame); clearTimeout(timer); };
}
