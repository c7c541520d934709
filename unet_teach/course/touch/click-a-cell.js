// Click a cell: Point at a cell, see how far a U-Net lets it reach, and correct it up to three times.
const SIDE = 128; // pixels of the window that the network sees
const RADIUS = 3; // of a click's disc
const MOST = 4; // clicks on one cell
const STEP = 4; // pixels that an arrow key moves the pointer
const COLOURS = { found: [14, 154, 167], extra: [230, 130, 30], missed: [120, 90, 230] };

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name in element ? (element[name] = value) : element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// The square around a pixel, moved as little as needed to stay in the picture.
export function corner([x, y], width, height, side = SIDE) {
  const fit = (at, size) => Math.min(Math.max(at - side / 2, 0), size - side);
  return [fit(x, width), fit(y, height)];
}

// Grey at mean 0 and deviation 1, and a disc for each click: inside, outside.
export function prompt(grey, clicks, side = SIDE) {
  const [size, mean] = [side * side, grey.reduce((sum, value) => sum + value, 0) / grey.length];
  const sd = Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length);
  const made = new Float32Array(3 * size);
  for (let i = 0; i < size; i++) {
    made[i] = (grey[i] - mean) / sd;
    for (const { x, y, inside } of clicks) {
      const near = ((i % side) - x) ** 2 + (Math.floor(i / side) - y) ** 2 <= RADIUS ** 2;
      if (near) made[(inside ? 1 : 2) * size + i] = 1;
    }
  }
  return made;
}

// In a worker on a page of the site, in the kernel in a notebook.
function network(model) {
  let [site, waiting, id] = [model.get("site"), new Map(), 0];
  const worker = site && new Worker(new URL("touch/live-worker.js", site), { type: "module" });
  const hear = ({ id, error, ...answer }) => {
    const [done, failed] = waiting.get(id) ?? [];
    waiting.delete(id);
    error ? failed?.(new Error(error)) : done?.(answer);
  };
  const listen = (message, [first]) => {
    const read = (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice();
    hear({ ...message, probability: first && new Float32Array(read(first).buffer) });
  };
  const broken = () => [...waiting.keys()].forEach((id) => hear({ id, error: "The worker did not start." }));
  if (worker) Object.assign(worker, { onmessage: ({ data }) => hear(data), onerror: broken });
  else model.on("msg:custom", listen);
  const run = (image) => new Promise((...ends) => {
    waiting.set(++id, ends);
    if (worker) return worker.postMessage({ id, model: "clicks.onnx", image, channels: 3 });
    try { model.send({ id }, undefined, [image.buffer]); }
    catch { hear({ id, error: "the kernel was started anew. Run this cell again." }); }
  });
  return { run, stop: () => (worker ? worker.terminate() : model.off("msg:custom", listen)) };
}

async function pixels(address) {
  const image = Object.assign(new Image(), { src: address });
  await image.decode();
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const canvas = make("canvas", { width, height });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  return { width, height, canvas, values: Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]) };
}

function render({ model, el }) {
  el.classList.add("touch-box");
  const keep = (press) => { // JupyterLab takes the keys that the focused element does not keep; Escape gives them back
    press.target.toggleAttribute("data-lm-suppress-shortcuts", !(press.ctrlKey || press.altKey || press.metaKey));
    if (press.key === "Escape") el.closest(".jp-Cell")?.focus();
  };
  for (const kind of ["focusin", "keydown", "keyup"]) el.addEventListener(kind, keep);
  const [net, fields, site] = [network(model), model.get("fields"), model.get("site")];
  let [field, cells, clicks, mask, scores, at, ended] = [null, null, [], null, [], [0, 0], false];
  const said = make("p", { className: "touch-said", role: "status" });
  said.textContent = site ? "Loading the network." : "Waiting for the kernel.";
  const time = make("p", { className: "touch-note" });
  const choice = make("select", {}, ...fields.map(({ name }) => make("option", { textContent: name })));
  const canvas = make("canvas", { tabIndex: 0, role: "application", className: "click-field",
    "aria-label": "Cells: click one, or move the cross with the arrow keys, with Shift by more, and press Enter" });
  const press = (textContent) => make("button", { type: "button", textContent });
  const [again, undo] = [press("Another cell"), press("Take the last click back")];
  el.append(
    make("div", { className: "touch-row" }, make("label", {}, "Field", choice), again, undo),
    said, canvas,
    make("p", { className: "touch-note" }, "Teal: what it takes for your cell. A click outside it says “also this”, one " +
      "inside “not this”; up to three corrections. Violet and orange: missed, and too much, by what a person drew."),
    time);

  function draw() {
    const pen = canvas.getContext("2d");
    [canvas.width, canvas.height] = [field.width, field.height];
    pen.drawImage(field.canvas, 0, 0);
    if (mask) {
      const [left, top] = mask.place;
      const shown = pen.getImageData(left, top, SIDE, SIDE);
      for (let i = 0; i < SIDE * SIDE; i++) {
        const kind = mask.found[i] ? (isCell(i) || !mask.cell ? "found" : "extra") : isCell(i) ? "missed" : null;
        for (const part of kind ? [0, 1, 2] : [])
          shown.data[4 * i + part] = 0.55 * shown.data[4 * i + part] + 0.45 * COLOURS[kind][part];
      }
      pen.putImageData(shown, left, top);
      [pen.strokeStyle, pen.lineWidth] = ["#ffb000", 1.5];
      pen.strokeRect(left, top, SIDE, SIDE);
    }
    for (const { x, y, inside } of clicks) cross(pen, x, y, inside ? "#fff" : "#000", inside ? "#000" : "#fff");
    cross(pen, ...at, "#ffb000", "#000");
  }

  function cross(pen, x, y, colour, edge) {
    for (const [style, width] of [[edge, 4], [colour, 2]]) {
      [pen.strokeStyle, pen.lineWidth] = [style, width];
      pen.beginPath();
      for (const [dx, dy] of [[6, 0], [0, 6]]) pen.moveTo(x - dx, y - dy), pen.lineTo(x + dx, y + dy);
      pen.stroke();
    }
  }

  const pixel = ([left, top], i) => (top + Math.floor(i / SIDE)) * field.width + left + (i % SIDE);
  const isCell = (i) => mask.cell && cells.values[pixel(mask.place, i)] === mask.cell;
  const fail = ({ message }) => void (said.textContent = `That does not work: ${message}`);

  async function ask() {
    const [first] = clicks;
    const place = corner([first.x, first.y], field.width, field.height);
    const grey = Float32Array.from({ length: SIDE * SIDE }, (_, i) => field.values[pixel(place, i)]);
    const inWindow = clicks.map(({ x, y, inside }) => ({ x: x - place[0], y: y - place[1], inside }));
    const number = clicks.length;
    const answer = await net.run(prompt(grey, inWindow)).catch(fail);
    if (!answer || ended || clicks[0] !== first || clicks.length !== number) return;
    const found = Array.from(answer.probability, (chance) => chance > 0.5);
    mask = { place, found, cell: cells.values[first.y * cells.width + first.x] };
    let [both, either] = [0, 0];
    found.forEach((is, i) => {
      both += is && isCell(i);
      either += is || isCell(i);
    });
    scores = [...scores.slice(0, number - 1), mask.cell ? both / either : null];
    const known = scores.map((score) => score?.toFixed(2)).join(", then ");
    const left = ["That was the last correction.", "One correction left.", "Two corrections left.", "Now correct it."];
    said.textContent = mask.cell
      ? `IoU with the drawn cell: ${known}. ${left[MOST - number]}`
      : `Nobody drew a cell there; it finds ${found.filter(Boolean).length} pixels.`;
    time.textContent = `${answer.ms.toFixed(0)} ms for a click, on one thread of the processor.`;
    Object.assign(el.dataset, { ms: answer.ms, iou: scores.at(-1) ?? "", clicks: number });
    draw();
  }

  function click(x, y) {
    if (!field || clicks.length === MOST) return;
    at = [x, y];
    if (!clicks.length) clicks = [{ x, y, inside: true }];
    else if (!mask) return;
    else {
      const [u, v] = [x - mask.place[0], y - mask.place[1]];
      if (Math.min(u, v) < 0 || Math.max(u, v) >= SIDE) return fail({ message: "it lies outside this cell's window." });
      clicks = [...clicks, { x, y, inside: !mask.found[v * SIDE + u] }];
    }
    ask();
  }

  function anew() {
    [clicks, mask, scores] = [[], null, []];
    said.textContent = "Click a cell.";
    draw();
  }
  again.onclick = anew;
  undo.onclick = () => {
    if (clicks.length < 2) return anew();
    clicks = clicks.slice(0, -1);
    ask();
  };
  choice.onchange = async () => {
    const { image, cells: drawn } = fields[choice.selectedIndex];
    const both = [image, drawn].map((name) => pixels(new URL(name, site ?? document.baseURI)));
    [field, cells] = await Promise.all(both);
    at = [field.width / 2, field.height / 2].map(Math.round);
    anew();
  };
  canvas.onkeydown = (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter" || event.key === " ") click(...at);
    else if (way) {
      const [most, far] = [[field.width - 1, field.height - 1], event.shiftKey ? 4 * STEP : STEP];
      at = at.map((value, axis) => Math.max(0, Math.min(most[axis], value + way[axis] * far)));
      draw();
    } else return;
    event.preventDefault();
  };
  canvas.onclick = (event) => {
    const scale = canvas.width / canvas.clientWidth;
    if (event.detail) click(Math.floor(event.offsetX * scale), Math.floor(event.offsetY * scale));
  };
  choice.onchange();
  return () => {
    ended = true;
    net.stop();
  };
}

export default { render };
