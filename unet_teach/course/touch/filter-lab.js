// Filter lab: Slide a window over a picture, change the numbers of the kernel, and watch the products, their sum and the output.

// Pictures and kernels are lists of rows. `correlate` is `unet_teach.classical.correlate2d`, with padding and a stride.
const grid = (height, width, value) => Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => value(y, x)));
export function padded(image, padding, fill) {
  const inside = (at, size) => (at < 0 ? -at : at >= size ? 2 * size - 2 - at : at); // a mirror on the last pixel
  const [height, width] = [image.length, image[0].length];
  return grid(height + 2 * padding, width + 2 * padding, (y, x) => {
    const [row, column] = [y - padding, x - padding];
    return fill === "mirror" ? image[inside(row, height)][inside(column, width)] : (image[row]?.[column] ?? 0);
  });
}
export const turned = (kernel) => kernel.map((row) => [...row].reverse()).reverse();
export const outputSize = (size, kernel, padding, stride) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
export function products(ground, kernel, top, left) {
  return kernel.map((row, y) => row.map((weight, x) => weight * ground[top + y][left + x]));
}
export const sum = (values) => values.flat().reduce((total, one) => total + one, 0);
export function filtered(image, kernel, { flip = false, padding = 0, fill = "zeros", stride = 1 } = {}) {
  const [ground, laid] = [padded(image, padding, fill), flip ? turned(kernel) : kernel];
  const height = outputSize(image.length, laid.length, padding, stride);
  const width = outputSize(image[0].length, laid[0].length, padding, stride);
  if (height < 1 || width < 1) throw new RangeError("the kernel is larger than the picture: pad the picture first");
  return grid(height, width, (row, column) => sum(products(ground, laid, row * stride, column * stride)));
}

// Chapter 2's fields, as `unet_teach.classical` has them: a Gabor's two parts, and a narrow bell minus a wide one.
const square = (radius, value) => grid(2 * radius + 1, 2 * radius + 1, (y, x) => value(y - radius, x - radius));
export function gabor(wavelength, angle, sigma, wave = Math.cos) {
  const turn = (angle * Math.PI) / 180;
  const bell = (y, x) => Math.exp(-(x * x + y * y) / (2 * sigma ** 2)) / (2 * Math.PI * sigma ** 2);
  const along = (y, x) => x * Math.cos(turn) + y * Math.sin(turn);
  return square(Math.ceil(3 * sigma), (y, x) => bell(y, x) * wave((2 * Math.PI * along(y, x)) / wavelength));
}
export function centreSurround(centre, surround) {
  const bell = (sigma) => square(Math.ceil(4 * surround), (y, x) => Math.exp(-(y * y + x * x) / (2 * sigma ** 2)));
  const [near, wide] = [bell(centre), bell(surround)];
  return near.map((row, y) => row.map((one, x) => one / sum(near) - wide[y][x] / sum(wide)));
}
const ninth = [1 / 9, 1 / 9, 1 / 9];
export const PRESETS = {
  "Sobel, to the right": () => [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  "Sobel, downwards": () => [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
  "box blur": () => [[...ninth], [...ninth], [...ninth]],
  sharpen: () => [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  Laplacian: () => [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
  identity: () => [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
  "1 to 9": () => [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
  "centre minus surround": () => centreSurround(0.5, 0.75),
  "Gabor, even": (angle) => gabor(4, angle, 1),
  "Gabor, odd": (angle) => gabor(4, angle, 1, Math.sin),
};

// Pictures that are ours: an edge to be worked by hand, a dot, and a tissue for where the real one is not here.
function scene(y, x) {
  const hill = 62 + 9 * Math.sin(x / 9) + 4 * Math.sin(x / 3.5);
  if (Math.hypot(x - 70, y - 22) < 11) return 250;
  if (x > 22 && x < 46 && y > 38 && y < 70) return (x - 22) % 8 < 5 && y % 10 < 6 ? 60 : 190;
  return y > hill ? 70 + 20 * Math.sin(x * 1.7 + y * 2.3) : 150 + y;
}
function tissue(y, x) {
  const [near, next] = Array.from({ length: 36 }, (_, at) => {
    const [row, column] = [Math.floor(at / 6), at % 6];
    return Math.hypot(x - column * 19 - 7 * Math.sin(at * 5.1) - 2, y - row * 19 - 7 * Math.cos(at * 3.7) - 2);
  }).sort((a, b) => a - b);
  return (next - near < 2.6 ? 60 : 165) + 22 * Math.sin(x * 12.9 + y * 78.2) * Math.cos(x * 4.1 - y * 9.7);
}
function unpacked({ width, height, grey }) {
  const bytes = Uint8Array.from(atob(grey), (letter) => letter.charCodeAt(0));
  return grid(height, width, (y, x) => bytes[y * width + x]);
}
function pictures(given) {
  const real = Object.fromEntries(given.map((one) => [one.name, unpacked(one)]));
  const ours = {
    "an edge, 5 by 5": [0, 1, 2, 3, 4].map((y) => (y < 3 ? [1, 1, 1, 5, 5] : [1, 1, 5, 5, 5])),
    "a dot, 5 by 5": grid(5, 5, (y, x) => Number(x === 2 && y === 2)),
    "a scene, drawn by code": grid(96, 96, scene),
  };
  if (!given.length) ours["cells, drawn by code: no real section is on this machine"] = grid(96, 96, tissue);
  return { ...real, ...ours };
}
async function ownPicture(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, 128 / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const pen = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  pen.drawImage(bitmap, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  const grey = (at) => Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]);
  return grid(height, width, (y, x) => grey(4 * (y * width + x)));
}

function make(tag, properties = {}, ...children) {
  const { aria, ...plain } = properties;
  const node = Object.assign(document.createElement(tag), plain);
  for (const [name, value] of Object.entries(aria ?? {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
const short = (number) => (Math.abs(number) < 1e-9 ? "0" : String(Number(number.toFixed(Math.abs(number) < 10 ? 2 : 1)))).replace("-", "−");
function paint(canvas, values, low, high, [row, column, height, width], border = 0) {
  const scale = Math.max(1, Math.floor(480 / values[0].length));
  [canvas.width, canvas.height] = [values[0].length * scale, values.length * scale];
  const pen = canvas.getContext("2d");
  values.forEach((line, y) => line.forEach((value, x) => {
    const grey = Math.round((255 * (value - low)) / (high - low || 1));
    pen.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    pen.fillRect(x * scale, y * scale, scale, scale);
  }));
  const frame = (colour, line, ...box) => {
    [pen.strokeStyle, pen.lineWidth] = [colour, line];
    pen.strokeRect(...box.map((side) => side * scale));
  };
  if (border) frame("#35a3b1", 2, border, border, values[0].length - 2 * border, values.length - 2 * border);
  frame("#000", 7, column, row, width, height);
  frame("#ffa94d", 4, column, row, width, height);
}
function table(name, values, cell = (value) => short(value)) {
  const rows = values.map((row, y) => make("tr", {}, ...row.map((value, x) => make("td", {}, cell(value, y, x)))));
  return make("table", { className: "touch-grid" }, make("caption", { textContent: name }), make("tbody", {}, ...rows));
}

const DEFAULTS = { picture: "", preset: "Sobel, to the right", kernel: null, angle: 45, flip: false, padding: 0, fill: "zeros", stride: 1, row: 36, column: 45 };
const ARROWS = { ArrowUp: [-1, 0, "↑"], ArrowDown: [1, 0, "↓"], ArrowLeft: [0, -1, "←"], ArrowRight: [0, 1, "→"] };

export default { render };
function render({ model, el }) {
  el.classList.add("touch-box");
  const keep = ({ key, target, ctrlKey, altKey, metaKey }) => (key === "Escape" ? el.closest(".jp-Cell")?.focus() : target.toggleAttribute("data-lm-suppress-shortcuts", !(ctrlKey || altKey || metaKey)));
  for (const kind of ["focusin", "keydown", "keyup"]) el.addEventListener(kind, keep); // else JupyterLab takes its keys; Escape gives them back
  const every = pictures(model.get("pictures") ?? []);
  const get = (name) => model.get(name) ?? DEFAULTS[name];
  const set = (changes) => {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
    later();
  };
  const kernel = () => get("kernel") ?? PRESETS[get("preset")](get("angle"));
  const image = () => every[get("picture")] ?? Object.values(every)[0];

  const select = (name, label, options, change) => {
    const list = make("select", { onchange: () => change(list.value) });
    list.append(...options.map((one) => new Option(one, one, false, String(get(name)) === String(one))));
    return make("label", {}, label, list);
  };
  const choosePicture = select("picture", "Picture", Object.keys(every), (picture) => set({ picture, row: 0, column: 0 }));
  const choosePreset = select("preset", "Kernel", Object.keys(PRESETS), (preset) => { set({ preset, kernel: null, row: 0, column: 0 }); kernels(); });
  const angle = make("input", { type: "range", min: 0, max: 165, step: 15, value: get("angle"), oninput: () => { set({ angle: Number(angle.value), kernel: null }); kernels(); } });
  const angleLabel = make("label", {}, make("span"), angle);
  const file = make("input", { type: "file", accept: "image/*", onchange: async () => {
    const own = await ownPicture(file.files[0]).catch(() => null);
    if (!own) return void (said.textContent = "This file is no picture that the browser can read.");
    const list = choosePicture.querySelector("select");
    if (!every["your own"]) list.add(new Option("your own"));
    [every["your own"], list.value] = [own, "your own"];
    set({ picture: "your own", row: 0, column: 0 });
  } });
  const flip = make("input", { type: "checkbox", checked: get("flip"), onchange: () => set({ flip: flip.checked }) });
  const steps = [
    select("padding", "Padding", [0, 1, 2, 3], (value) => set({ padding: Number(value) })),
    select("fill", "filled with", ["zeros", "mirror"], (fill) => set({ fill })),
    select("stride", "Stride", [1, 2, 3], (value) => set({ stride: Number(value), row: 0, column: 0 })),
  ];

  const canvas = (label) => make("canvas", { tabIndex: 0, aria: { role: "application", "aria-roledescription": "picture", "aria-label": label } });
  const [before, after] = [canvas("Picture: the arrow keys move the window"), canvas("Output: the arrow keys move the place")];
  const [under, fields, flipped, times] = [1, 2, 3, 4].map(() => make("div"));
  const total = make("span", { className: "touch-big" });
  const [range, size, said] = [make("p", { className: "touch-note" }), make("p", { className: "touch-note" }), make("p", { className: "touch-said", aria: { role: "status" } })];
  const move = (down, right) => set({ row: get("row") + down, column: get("column") + right });
  for (const one of [before, after]) {
    one.onkeydown = (press) => {
      if (!ARROWS[press.key]) return;
      press.preventDefault();
      const [down, right] = ARROWS[press.key];
      move(down * (press.shiftKey ? 10 : 1), right * (press.shiftKey ? 10 : 1));
    };
    one.style.touchAction = "pan-y";
    one.onpointerdown = one.onpointermove = (touch) => {
      if (!touch.buttons) return;
      const box = one.getBoundingClientRect();
      const [area, half, step] = one === before ? [ground, kernel().length / 2, get("stride")] : [output, 0.5, 1];
      const at = (share, length) => Math.round((share * length - half) / step);
      set({ row: at((touch.clientY - box.top) / box.height, area.length), column: at((touch.clientX - box.left) / box.width, area[0].length) });
    };
  }
  const arrows = Object.entries(ARROWS).map(([name, [down, right, sign]]) =>
    make("button", { type: "button", textContent: sign, onclick: () => move(down, right), aria: { "aria-label": `Move the window ${name.slice(5).toLowerCase()}` } }));

  let [ground, output, frame, timer] = [[[0]], [[0]], 0, 0];
  function kernels() {
    const edit = (value, y, x) => {
      const field = make("input", { type: "text", inputMode: "decimal", value: short(value), aria: { "aria-label": `Weight in row ${y + 1}, column ${x + 1}` } });
      field.onchange = () => {
        const number = field.value.trim() ? Number(field.value.trim().replace("−", "-").replace(",", ".")) : NaN;
        if (Number.isFinite(number)) return set({ kernel: kernel().map((row, r) => row.map((one, c) => (r === y && c === x ? number : one))) });
        said.textContent = `"${field.value}" is no number; the weight stays ${short(kernel()[y][x])}.`;
        field.value = short(kernel()[y][x]);
      };
      return field;
    };
    fields.replaceChildren(table("kernel", kernel(), edit));
  }
  function draw() {
    frame = 0;
    const [padding, stride, weights] = [get("padding"), get("stride"), kernel()];
    ground = padded(image(), padding, get("fill"));
    angleLabel.hidden = !get("preset").startsWith("Gabor");
    angleLabel.firstChild.textContent = `Angle of the wave: ${get("angle")}°`;
    try {
      output = filtered(image(), weights, { flip: get("flip"), padding, fill: get("fill"), stride });
    } catch (error) {
      return void (said.textContent = `No place: ${error.message}.`);
    }
    const row = Math.min(Math.max(get("row"), 0), output.length - 1);
    const column = Math.min(Math.max(get("column"), 0), output[0].length - 1);
    if (row !== get("row") || column !== get("column")) set({ row, column });
    const laid = get("flip") ? turned(weights) : weights;
    const [top, left, tall, wide] = [row * stride, column * stride, laid.length, laid[0].length];
    const highest = ground.flat().reduce((most, one) => Math.max(most, one), 1);
    paint(before, ground, 0, highest > 20 ? 255 : highest, [top, left, tall, wide], padding);
    const [most, keeps] = [output.flat().reduce((top, one) => Math.max(top, Math.abs(one)), 0), Math.abs(sum(weights) - 1) < 0.01];
    const [low, high] = keeps ? [0, highest > 20 ? 255 : highest] : [-most, most];
    paint(after, output.map((line) => line.map((one) => Math.min(Math.max(one, low), high))), low, high, [row, column, 1, 1]);
    range.textContent = keeps ? `black 0, white ${high}` : `black ${short(low)}, mid-grey 0, white ${short(high)}`;
    under.replaceChildren(table("under the window", ground.slice(top, top + tall).map((line) => line.slice(left, left + wide))));
    flipped.replaceChildren(...(get("flip") ? [table("kernel, turned", laid)] : []));
    times.replaceChildren(table("products", products(ground, laid, top, left)));
    total.textContent = `sum ${short(output[row][column])}`;
    const [n, k] = [image()[0].length, wide];
    size.textContent = `Across: (${n} + 2 · ${padding} − ${k}) / ${stride}${(n + 2 * padding - k) % stride ? ", rounded down," : ""} + 1 = ${output[0].length} places; down: ${output.length}.`;
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = `Row ${row + 1}, column ${column + 1} of the output: ${short(output[row][column])}.`; }, 400);
  }
  const later = () => { frame ||= requestAnimationFrame(draw); };
  for (const name of Object.keys(DEFAULTS)) model.on(`change:${name}`, later);

  el.append(
    make("div", { className: "touch-row" }, choosePicture, choosePreset, angleLabel, make("label", { className: "touch-tick" }, flip, "turn the kernel: convolution")),
    make("div", { className: "touch-row" }, ...steps, make("label", {}, "or your own picture, which stays here", file)),
    make("div", { className: "touch-pair" }, make("div", {}, make("p", { className: "touch-name", textContent: "Picture" }), before), make("div", {}, make("p", { className: "touch-name", textContent: "Output" }), after, range)),
    make("div", { className: "touch-row" }, ...arrows, make("span", { textContent: "or the arrow keys on a picture, or a finger" })),
    make("div", { className: "touch-grids", tabIndex: 0, aria: { role: "group", "aria-label": "The numbers at this place" } }, under, fields, flipped, times, total),
    size, said,
  );
  kernels();
  draw();
  return () => { cancelAnimationFrame(frame); clearTimeout(timer); };
}

