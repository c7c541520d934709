// Volume viewer: Walk through a scan in three planes and in 3-D, with its labels.
const FLAT = { "Three planes": 3, Axial: 0, Coronal: 1, Sagittal: 2 };
const SHOW = { "Three planes and 3-D": 3, Axial: 0, Coronal: 1, Sagittal: 2, "3-D": 4, "3-D, labels alone": 4 };
const AXES = [["Left to right", 0], ["Back to front", 1], ["Foot to head", 2]];

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name in element ? (element[name] = value) : element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// NiiVue: from the site, or in a notebook from the kernel, if the site's parts have been fetched. Else the planes.
async function library(model) {
  const [site, text] = [model.get("site"), model.get("library")];
  if (!make("canvas").getContext("webgl2"))
    return { Niivue: Planes, why: "Here are the planes alone: this browser draws no 3-D (it has no WebGL 2)." };
  if (site) return import(new URL("touch/niivue.js", site).href);
  if (!text) return { Niivue: Planes, why: "Here are the planes alone. In 3-D it stands on this chapter's page of the " +
    "course's site; and here, too, once “make book” has fetched NiiVue." };
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return import(address).finally(() => URL.revokeObjectURL(address));
}

// A NIfTI whose axes point right, to the front, to the head, as all of ours do; with the names that NiiVue has.
const TYPES = { 2: Uint8Array, 4: Int16Array, 8: Int32Array, 16: Float32Array, 64: Float64Array, 512: Uint16Array };
export async function readNifti(buffer) {
  const packed = new DataView(buffer).getUint16(0) === 0x1f8b;
  const unpacked = () => new Blob([buffer]).stream().pipeThrough(new DecompressionStream("gzip"));
  const raw = packed ? await new Response(unpacked()).arrayBuffer() : buffer;
  const head = new DataView(raw);
  const numbers = (kind, at, step, length) => Array.from({ length }, (_, i) => head[kind](at + i * step, true));
  const [dims, pixDims] = [numbers("getInt16", 40, 2, 4), numbers("getFloat32", 76, 4, 4)];
  const [[offset, slope, start], rows] = [numbers("getFloat32", 108, 4, 3), numbers("getFloat32", 280, 4, 12)];
  const kind = TYPES[head.getInt16(70, true)];
  if (head.getInt32(0, true) !== 348 || !kind || !(rows[0] > 0 && rows[5] > 0 && rows[10] > 0))
    throw new Error("this volume is none that the course has");
  const stored = new kind(raw.slice(offset, offset + dims[1] * dims[2] * dims[3] * kind.BYTES_PER_ELEMENT));
  const img = slope && slope !== 1 ? Float32Array.from(stored, (value) => value * slope + start) : stored; // NaN: none
  const order = Float64Array.from(img).sort();
  const [cal_min, cal_max] = [0.01, 0.995].map((share) => order[Math.floor(share * (order.length - 1))]);
  const mm = (voxel) => voxel.map((at, axis) => at * rows[5 * axis] + rows[4 * axis + 3]);
  const setColormapLabel = function ({ R, G, B, I }) {
    this.colours = new Map(I.map((value, at) => [value, [R[at], G[at], B[at]]]));
  };
  return { img, hdr: { dims }, dimsRAS: dims, pixDimsRAS: pixDims, cal_min, cal_max, mm, opacity: 1, setColormapLabel };
}

// What stands in for NiiVue: the three planes on a plain canvas, with as much of its interface as is used here.
class Planes {
  constructor() {
    Object.assign(this, { volumes: [], scene: { crosshairPos: [0.5, 0.5, 0.5] }, kind: 3, mirrored: false, tiles: [] });
    for (const name of ["setMultiplanarLayout", "setRenderAzimuthElevation", "updateGLVolume"]) this[name] = () => {};
  }
  attachToCanvas(canvas) {
    this.canvas = canvas;
    this.size = new ResizeObserver(() => this.drawScene()); // a notebook gives it its place later
    this.size.observe(canvas);
    canvas.onpointerdown = canvas.onpointermove = (event) => {
      const scale = canvas.width / canvas.clientWidth;
      const [x, y] = [event.offsetX * scale, event.offsetY * scale];
      const under = (from, side, at) => at >= from && at < from + side;
      const tile = this.tiles.find((one) => under(one.left, one.wide, x) && under(one.top, one.tall, y));
      if (!event.buttons || !tile) return;
      const along = (x - tile.left) / tile.wide;
      this.scene.crosshairPos[tile.axes[0]] = tile.turned ? 1 - along : along;
      this.scene.crosshairPos[tile.axes[1]] = 1 - (y - tile.top) / tile.tall;
      this.drawScene();
      this.createOnLocationChange();
    };
  }
  async loadFromArrayBuffer(buffer) { this.volumes.push(await readNifti(buffer)); }
  vox2frac(voxel) { return voxel.map((at, axis) => (at + 0.5) / this.volumes[0].dimsRAS[axis + 1]); }
  voxel() { return this.scene.crosshairPos.map((at, axis) => Math.floor(Math.min(at, 0.9999) * this.volumes[0].dimsRAS[axis + 1])); }
  at([x, y, z], { img, dimsRAS: [, wide, deep] }) { return img[x + wide * (y + deep * z)]; }
  createOnLocationChange() {
    const voxel = this.voxel();
    const values = this.volumes.map((one) => ({ value: this.at(voxel, one) }));
    this.onLocationChange?.({ mm: this.volumes[0].mm(voxel), values });
  }
  setOpacity(at, opacity) { this.volumes[at].opacity = opacity; this.drawScene(); }
  setSliceType(kind) { this.kind = kind; this.drawScene(); }
  setRadiologicalConvention(mirrored) { this.mirrored = mirrored; this.drawScene(); }
  drawScene() {
    const { canvas, volumes: [grey, drawn], kind } = this;
    if (!drawn?.colours || !canvas.clientWidth) return;
    [canvas.width, canvas.height] = [canvas.clientWidth, canvas.clientHeight].map((side) => side * devicePixelRatio);
    const length = grey.dimsRAS.slice(1).map((count, axis) => count * grey.pixDimsRAS[axis + 1]);
    const planes = [[0, 1, "LRPA", 0, 1], [0, 2, "LRIS", 0, 0], [1, 2, "PAIS", 1, 0]]; // axes, letters, column, row
    const [wide, tall] = kind === 3 ? [length[0] + length[1], length[2] + length[1]] : planes[kind].map((axis) => length[axis]);
    const scale = Math.min(canvas.width / wide, canvas.height / tall);
    const [left, top] = [(canvas.width - wide * scale) / 2, (canvas.height - tall * scale) / 2];
    this.tiles = planes.filter((_, at) => kind === 3 || kind === at).map(([a, b, letters, column, row]) => ({
      axes: [a, b], letters, turned: this.mirrored && !a, wide: length[a] * scale - 2, tall: length[b] * scale - 2,
      left: left + (kind === 3 && column ? length[0] * scale : 0), top: top + (kind === 3 && row ? length[2] * scale : 0) }));
    this.tiles.forEach((tile) => this.drawTile(canvas.getContext("2d"), tile, grey, drawn));
  }
  drawTile(pen, { axes: [a, b], letters, turned, wide, tall, left, top }, grey, drawn) {
    const [columns, rows, voxel] = [grey.dimsRAS[a + 1], grey.dimsRAS[b + 1], this.voxel()];
    const slice = new ImageData(columns, rows);
    for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
      [voxel[a], voxel[b]] = [turned ? columns - 1 - column : column, rows - 1 - row];
      const share = (this.at(voxel, grey) - grey.cal_min) / (grey.cal_max - grey.cal_min);
      const label = this.at(voxel, drawn);
      const colour = label ? drawn.colours.get(label) ?? [255, 255, 255] : null;
      const light = 255 * Math.max(0, Math.min(1, share));
      const part = (at) => (colour ? light + drawn.opacity * (colour[at] - light) : light);
      slice.data.set([part(0), part(1), part(2), 255], 4 * (row * columns + column));
    }
    const small = make("canvas", { width: columns, height: rows });
    small.getContext("2d").putImageData(slice, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, left, top, wide, tall);
    const [x, y] = [a, b].map((axis) => this.scene.crosshairPos[axis]);
    pen.fillStyle = "#ffb000";
    pen.fillRect(left + (turned ? 1 - x : x) * wide, top, 1.5, tall);
    pen.fillRect(left, top + (1 - y) * tall, wide, 1.5);
    const [far, places] = [14 * devicePixelRatio, turned ? [1, 0, 2, 3] : [0, 1, 2, 3]];
    const spots = [[far, tall / 2], [wide - far, tall / 2], [wide / 2, tall - far], [wide / 2, far]];
    Object.assign(pen, { font: `600 ${far}px sans-serif`, textAlign: "center", textBaseline: "middle" });
    spots.forEach(([u, v], at) => {
      pen.fillStyle = "#000";
      pen.fillRect(left + u - 0.7 * far, top + v - 0.7 * far, 1.4 * far, 1.4 * far);
      pen.fillStyle = "#fff";
      pen.fillText(letters[places[at]], left + u, top + v);
    });
  }
  cleanup() { this.size.disconnect(); }
}

// Colours by label, as NiiVue takes them. It rounds the lowest of many up, so there is one below the background, too.
function table(names) {
  const channel = (at) => names.map(({ colour }) => parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16));
  const [R, G, B] = [0, 1, 2].map((at) => [0, 0, ...channel(at)]);
  const I = [-1, 0, ...names.map(({ value }) => value)];
  return { R, G, B, A: I.map((value) => (value > 0 ? 255 : 0)), I };
}

async function render({ model, el }) {
  const { Niivue, why } = await library(model);
  el.classList.add("touch-box");
  const keep = (press) => { // JupyterLab takes the keys that the focused element does not keep; Escape gives them back
    press.target.toggleAttribute("data-lm-suppress-shortcuts", !(press.ctrlKey || press.altKey || press.metaKey));
    if (press.key === "Escape") el.closest(".jp-Cell")?.focus();
  };
  for (const kind of ["focusin", "keydown", "keyup"]) el.addEventListener(kind, keep);
  const { image, labels, names, about, low, high } = model.get("volume");
  const base = model.get("site") ?? document.baseURI;
  const bytes = async (address) => (await fetch(new URL(address, base))).arrayBuffer();

  const canvas = make("canvas", { className: "volume-canvas", role: "application",
    "aria-label": "The volume: drag to move the cross, in 3-D to turn it; the sliders below do the same" });
  const stage = make("div", { className: "volume-stage" }, canvas);
  const said = make("p", { className: "touch-said", role: "status", textContent: "Loading the volume." });
  const show = make("select", {}, ...Object.keys(why ? FLAT : SHOW).map((name) => make("option", { textContent: name })));
  const strength = make("input", { type: "range", min: 0, max: 1, step: 0.1, value: 0.6 });
  const mirrored = make("input", { type: "checkbox" });
  const legend = make("p", { className: "touch-note volume-legend" });
  const sliders = AXES.map(() => make("input", { type: "range", min: 0, step: 1 }));
  const turn = make("input", { type: "range", min: 0, max: 355, step: 5, value: 110 });
  const lift = make("input", { type: "range", min: -90, max: 90, step: 5, value: 15 });
  const label = (text, input) => make("label", {}, text, input);
  el.append(
    make("div", { className: "touch-row" }, label("Show", show), label("Labels", strength),
      make("label", { className: "touch-tick" }, mirrored, "the patient's left on the right, as radiologists look")),
    stage, said,
    make("div", { className: "touch-pair volume-sliders" }, ...AXES.map(([text, at]) => label(text, sliders[at])),
      ...(why ? [] : [label("Turn the 3-D view", turn), label("Tilt it", lift)])),
    legend,
    make("p", { className: "touch-note", textContent: about }),
    ...(why ? [make("p", { className: "touch-note", textContent: why })] : []));

  const nv = new Niivue({
    backColor: [0, 0, 0, 1], fontColor: [1, 0.2, 0.2, 1], fontMinPx: 18, isOrientationTextVisible: true,
    showAllOrientationMarkers: true, crosshairColor: [1, 0.69, 0, 0.7], crosshairWidthUnit: "percent",
    crosshairWidth: 0.5, show3Dcrosshair: true, multiplanarShowRender: 1, multiplanarPadPixels: 4, tileMargin: 0,
    isNearestInterpolation: true, dragAndDropEnabled: false, logLevel: "error", loadingText: "" });
  await nv.attachToCanvas(canvas);
  const parts = await Promise.all([image, labels].map(bytes));
  for (const [at, name] of ["image.nii.gz", "labels.nii.gz"].entries()) await nv.loadFromArrayBuffer(parts[at], name);
  const [grey, drawn] = nv.volumes;
  [grey.cal_min, grey.cal_max] = [low ?? grey.cal_min, high ?? grey.cal_max];
  drawn.setColormapLabel(table(names));
  drawn.opacity = Number(strength.value);
  nv.setMultiplanarLayout(2);
  nv.setSliceType(3);
  nv.updateGLVolume();

  const size = grey.dimsRAS.slice(1, 4);
  const litre = grey.pixDimsRAS.slice(1, 4).reduce((product, mm) => product * mm, 1) / 1000;
  const counts = new Map();
  for (const value of drawn.img) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (names.length <= 8) {
    legend.append(...names.flatMap(({ value, name, colour }) => {
      const square = make("span", { className: "volume-colour" });
      square.style.background = colour;
      return [square, `${name}, ${((counts.get(value) ?? 0) * litre).toFixed(1)} ml  `];
    }));
  } else legend.textContent = `${names.length} structures; the line under the picture names the one at the cross.`;

  nv.onLocationChange = ({ mm, values }) => {
    const [value, found] = values.map((one) => one.value);
    const name = names.find((one) => one.value === Math.round(found))?.name ?? "no label";
    const where = [0, 1, 2].map((axis) => mm[axis].toFixed(0)).join(", ");
    said.textContent = `At ${where} mm: grey ${+value.toFixed(1)}, ${name}.`;
    sliders.forEach((slider, at) => (slider.value = Math.floor(nv.scene.crosshairPos[at] * size[at])));
    el.dataset.moves = Number(el.dataset.moves ?? 0) + 1;
  };
  sliders.forEach((slider, at) => {
    slider.max = size[at] - 1;
    slider.oninput = () => {
      nv.scene.crosshairPos[at] = (Number(slider.value) + 0.5) / size[at];
      nv.drawScene();
      nv.createOnLocationChange();
    };
  });
  turn.oninput = lift.oninput = () => nv.setRenderAzimuthElevation(Number(turn.value), Number(lift.value));
  show.onchange = strength.oninput = () => {
    nv.setOpacity(1, Number(strength.value));
    nv.setOpacity(0, show.value.includes("alone") ? 0 : 1);
    nv.setSliceType({ ...SHOW, ...FLAT }[show.value]);
  };
  mirrored.onchange = () => nv.setRadiologicalConvention(mirrored.checked);
  turn.oninput();
  const most = names.map(({ value }) => value).sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0];
  nv.scene.crosshairPos = nv.vox2frac(centre(drawn, most));
  nv.drawScene();
  nv.createOnLocationChange();
  return () => nv.cleanup();
}

// The voxel of a label that lies nearest to the middle of all of them.
function centre({ img, hdr }, wanted) {
  const [, width, height] = hdr.dims;
  const [sum, all] = [[0, 0, 0], []];
  img.forEach((value, i) => {
    if (value !== wanted) return;
    const voxel = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    voxel.forEach((part, at) => (sum[at] += part));
    all.push(voxel);
  });
  const away = (voxel) => voxel.reduce((total, part, at) => total + (part - sum[at] / all.length) ** 2, 0);
  return all.reduce((best, voxel) => (away(voxel) < away(best) ? voxel : best), all[0] ?? [0, 0, 0]);
}

export default { render };
