// Live U-Net: Move a window over a section that the network never saw, close its skips, and watch every level.
const SIDE = 128; // pixels of the window
const STEP = 8; // pixels that an arrow key moves it
const LEVELS = ["down 0", "down 1", "down 2", "bottom", "up 2", "up 1", "up 0"].map((name, at) => {
  const level = Math.min(at, 6 - at);
  const [channels, side] = [8 << level, SIDE >> level];
  return { name, level, channels, side, columns: [4, 8, 8, 16][level], size: `${channels} maps of ${side}²` };
});
const COLOURS = { found: [14, 154, 167], extra: [230, 130, 30], missed: [120, 90, 230] };

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name in element ? (element[name] = value) : element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// The network: in a worker on a page of the site, in the kernel in a notebook.
function network(model) {
  let [site, waiting, id] = [model.get("site"), new Map(), 0];
  const worker = site && new Worker(new URL("touch/live-worker.js", site), { type: "module" });
  const hear = ({ id, error, ...answer }) => {
    const [done, failed] = waiting.get(id) ?? [];
    waiting.delete(id);
    error ? failed?.(new Error(error)) : done?.(answer);
  };
  const listen = (message, buffers) => {
    const [first, ...maps] = buffers.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    hear({ ...message, probability: first && new Float32Array(first.slice().buffer), maps });
  };
  const broken = () => [...waiting.keys()].forEach((id) => hear({ id, error: "The worker did not start." }));
  if (worker) Object.assign(worker, { onmessage: ({ data }) => hear(data), onerror: broken });
  else model.on("msg:custom", listen);
  const run = (image, gates) => new Promise((...ends) => {
    waiting.set(++id, ends);
    if (worker) return worker.postMessage({ id, image, gates });
    try { model.send({ id, gates }, undefined, [image.buffer]); }
    catch { hear({ id, error: "the kernel was started anew. Run this cell again." }); }
  });
  return { run, stop: () => (worker ? worker.terminate() : model.off("msg:custom", listen)) };
}

// A picture as greys, with their mean and spread: the network wants every section at mean 0 and deviation 1.
async function greys(address, shorter) {
  const image = Object.assign(new Image(), { src: address });
  await image.decode();
  const small = Math.min(image.naturalWidth, image.naturalHeight);
  const scale = shorter ? Math.max(Math.min(1, shorter / small), SIDE / small) : 1;
  const [width, height] = [image.naturalWidth, image.naturalHeight].map((size) => Math.ceil(size * scale));
  const picture = make("canvas", { width, height });
  const pen = picture.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  const weighed = (i) => Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
  const grey = Float32Array.from({ length: width * height }, (_, i) => weighed(4 * i));
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const sd = Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length);
  if (!(sd > 0)) throw new Error("The picture is of one grey value throughout.");
  return { width, height, grey, mean, sd, picture };
}

// All maps of a level side by side.
function drawMaps(canvas, { channels, side, columns }, bytes) {
  const [step, width] = [side + 3, columns * (side + 3) - 3];
  [canvas.width, canvas.height] = [width, (channels / columns) * step - 3];
  const shown = new ImageData(width, canvas.height);
  const pixels = new Uint32Array(shown.data.buffer);
  for (let row = 0; row < channels * side; row++) {
    const channel = Math.floor(row / side);
    const start = (Math.floor(channel / columns) * step + (row % side)) * width + (channel % columns) * step;
    for (let x = 0; x < side; x++) pixels[start + x] = 0xff000000 | (bytes[row * side + x] * 0x010101);
  }
  canvas.getContext("2d").putImageData(shown, 0, 0);
}

function render({ model, el }) {
  el.classList.add("touch-box");
  const keep = (press) => { // JupyterLab takes the keys that the focused element does not keep; Escape gives them back
    press.target.toggleAttribute("data-lm-suppress-shortcuts", !(press.ctrlKey || press.altKey || press.metaKey));
    if (press.key === "Escape") el.closest(".jp-Cell")?.focus();
  };
  for (const kind of ["focusin", "keydown", "keyup"]) el.addEventListener(kind, keep);
  const [net, sections, site] = [network(model), model.get("sections"), model.get("site")];
  const [gates, at] = [[1, 1, 1], [0, 0]];
  let [section, answer, large, quiet, frames, busy, again, ended] = [null, null, null, 0, 0, false, false, false];
  const said = make("p", { className: "touch-said", role: "status" });
  said.textContent = site ? "Loading the network." : "Waiting for the kernel.";
  const choice = make("select", {}, ...sections.map(({ name }) => make("option", { textContent: name })));
  const file = make("input", { type: "file", accept: "image/*" });
  const threshold = make("input", { type: "range", min: 0.02, max: 0.98, step: 0.02, value: 0.5 });
  const chosen = make("span", { textContent: "0.50" });
  const overview = make("canvas", { className: "live-overview", tabIndex: 0, role: "application",
    "aria-label": "The section with the window: the arrow keys move it, with Shift by more" });
  const [view, chances] = [0, 0].map(() => make("canvas", { width: SIDE, height: SIDE, role: "img" }));
  chances.setAttribute("aria-label", "The probability of membrane in the window, white is 1");
  const [key, time] = [0, 0].map(() => make("p", { className: "touch-note" }));
  const parts = LEVELS.map((level) => {
    const canvas = make("canvas");
    const button = make("button", { type: "button", className: `live-maps live-level-${level.level}`,
      "aria-label": `${level.name}, ${level.size}: show large`, "aria-pressed": "false" }, canvas);
    button.onclick = () => {
      large = large === level ? null : level;
      parts.forEach((part) => part.button.setAttribute("aria-pressed", String(part.level === large)));
      drawLarge();
    };
    const box = make("div", {}, button, make("p", { className: "touch-note", textContent: level.size }));
    return { level, canvas, button, box };
  });
  const switches = [0, 1, 2].map((level) => {
    const tick = make("input", { type: "checkbox", checked: true });
    const label = make("label", { className: "touch-tick live-skip" }, tick, `skip ${level}`);
    tick.onchange = () => {
      gates[level] = Number(tick.checked);
      label.classList.toggle("live-closed", !tick.checked);
      ask();
    };
    return label;
  });
  parts[3].box.className = "live-bottom";
  const u = switches.flatMap((skip, level) => [parts[level].box, skip, parts[6 - level].box]).concat(parts[3].box);
  const largeName = make("p", { className: "touch-name" });
  const largeView = make("canvas", { role: "img", "aria-label": "The maps that were pressed, large" });
  const largeBox = make("div", { hidden: true }, largeName, largeView);
  const named = (name, ...inner) => make("div", {}, make("p", { className: "touch-name" }, name), ...inner);
  el.append(
    make("div", { className: "touch-row" },
      make("label", {}, "Section", choice), make("label", {}, make("span", {}, "Threshold ", chosen), threshold),
      make("label", {}, `Your own image (it ${site ? "stays in this browser" : "goes to the kernel alone"})`, file)),
    said,
    make("div", { className: "touch-pair live-three" },
      named("Move the window", overview), named("What it finds", view), named("Probability", chances)),
    key, time,
    named("Every level's maps, and the skips between them", make("div", { className: "live-u" }, ...u)),
    largeBox,
    make("p", { className: "touch-note" }, "Press maps to see them large; each is as bright as its own largest value. ",
      "A closed skip brings the mean of each map to every pixel; the network was trained with all of them open."));

  function drawOverview([x, y]) {
    [overview.width, overview.height] = [section.width, section.height];
    const pen = overview.getContext("2d");
    pen.drawImage(section.picture, 0, 0);
    for (const [colour, width] of [["#000", 9], ["#ffb000", 5]]) {
      [pen.strokeStyle, pen.lineWidth] = [colour, width];
      pen.strokeRect(x, y, SIDE, SIDE);
    }
  }

  function drawFound() {
    const [{ probability, place }, { truth, grey, width }, limit] = [answer, section, Number(threshold.value)];
    const [shown, map] = [new ImageData(SIDE, SIDE), new ImageData(SIDE, SIDE)];
    const counts = { found: 0, extra: 0, missed: 0 };
    probability.forEach((chance, i) => {
      const pixel = (place[1] + Math.floor(i / SIDE)) * width + place[0] + (i % SIDE);
      const [is, was] = [chance > limit, !truth || truth[pixel]];
      const kind = is ? (was ? "found" : "extra") : truth && was ? "missed" : null;
      if (kind) counts[kind] += 1;
      for (const part of [0, 1, 2]) {
        shown.data[4 * i + part] = kind ? 0.3 * grey[pixel] + 0.7 * COLOURS[kind][part] : grey[pixel];
        map.data[4 * i + part] = 255 * chance;
      }
      shown.data[4 * i + 3] = map.data[4 * i + 3] = 255;
    });
    view.getContext("2d").putImageData(shown, 0, 0);
    chances.getContext("2d").putImageData(map, 0, 0);
    const { found, extra, missed } = counts;
    const dice = found + extra + missed ? (2 * found) / (2 * found + extra + missed) : 1;
    const without = gates.flatMap((gate, level) => (gate ? [] : [level])).join(" and ");
    const words = truth ? `Dice in the window ${dice.toFixed(3)}` : `${found} pixels of membrane`;
    Object.assign(el.dataset, { dice: truth ? dice : "", ms: answer.ms, frames });
    view.setAttribute("aria-label", `The window with what the network finds: ${words}`);
    clearTimeout(quiet); // said when it has come to rest
    quiet = setTimeout(() => (said.textContent = `${words}${without && `, without skip ${without}`}.`), 100);
  }
  function drawLarge() {
    largeBox.hidden = !large;
    if (large) largeName.textContent = `${large.name}: ${large.size}`;
    if (large && answer) drawMaps(largeView, large, answer.maps[LEVELS.indexOf(large)]);
  }

  const fail = ({ message }) => void (said.textContent = `That does not work: ${message}`);
  async function ask() {
    again = true; // while it answers, only the newest question is kept
    for (; again && !busy && !ended; busy = false) {
      [busy, again] = [true, false];
      const [{ grey, width, mean, sd }, place] = [section, [...at]];
      const corner = place[1] * width + place[0];
      const pixel = (_, i) => (grey[corner + Math.floor(i / SIDE) * width + (i % SIDE)] - mean) / sd;
      const found = await net.run(Float32Array.from({ length: SIDE * SIDE }, pixel), [...gates]).catch(fail);
      if (!found || ended || grey !== section.grey) continue; // or another section was opened meanwhile
      answer = { ...found, place };
      frames += 1;
      time.textContent = `${answer.ms.toFixed(0)} ms for ${SIDE} × ${SIDE} pixels, on one thread of the processor.`;
      drawOverview(place);
      drawFound();
      parts.forEach(({ canvas, level }, i) => drawMaps(canvas, level, answer.maps[i]));
      drawLarge();
    }
  }

  function move(...to) {
    if (!section) return;
    const most = [section.width - SIDE, section.height - SIDE];
    for (const axis of [0, 1]) at[axis] = Math.max(0, Math.min(most[axis], Math.round(to[axis])));
    ask();
  }

  async function open(get, words = "Teal: membrane, found. Orange: found, and is none. Violet: missed.") {
    const opened = await get().catch(fail);
    if (!opened) return;
    [section, answer, key.textContent] = [opened, null, words];
    move((section.width - SIDE) / 2, (section.height - SIDE) / 2);
  }

  choice.onchange = () => open(async () => {
    const { image, truth } = sections[choice.selectedIndex];
    const both = [image, truth].map((name) => greys(new URL(name, site ?? document.baseURI)));
    const [picture, drawn] = await Promise.all(both);
    return { ...picture, truth: Uint8Array.from(drawn.grey, (value) => value < 128) };
  });
  file.onchange = async () => {
    if (!file.files.length) return;
    const address = URL.createObjectURL(file.files[0]);
    await open(() => greys(address, 512), "Teal: what it calls membrane. Nobody has drawn the truth for your image.");
    URL.revokeObjectURL(address);
  };
  threshold.oninput = () => {
    chosen.textContent = Number(threshold.value).toFixed(2);
    if (answer) drawFound();
  };
  overview.onkeydown = (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    move(...at.map((value, axis) => value + way[axis] * (event.shiftKey ? 4 * STEP : STEP)));
  };
  overview.onpointerdown = overview.onpointermove = (event) => {
    if (!event.buttons || !section) return;
    const scale = section.width / overview.clientWidth;
    move(event.offsetX * scale - SIDE / 2, event.offsetY * scale - SIDE / 2);
  };
  choice.onchange();
  return () => {
    ended = true;
    clearTimeout(quiet);
    net.stop();
  };
}

export default { render };
