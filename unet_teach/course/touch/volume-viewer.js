// Volume viewer: Walk through a scan in three planes and in 3-D, with its labels.
const SHOW = { "Three planes and 3-D": 3, Axial: 0, Coronal: 1, Sagittal: 2, "3-D": 4, "3-D, labels alone": 4 };
const AXES = [["Left to right", 0], ["Back to front", 1], ["Foot to head", 2]];

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name in element ? (element[name] = value) : element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// NiiVue: from the site, or in a notebook from the kernel, where the site's parts have been fetched.
async function library(model) {
  const [site, text] = [model.get("site"), model.get("library")];
  if (!make("canvas").getContext("webgl2")) throw new Error("this browser draws no volumes (it has no WebGL 2)");
  if (site) return import(new URL("touch/niivue.js", site).href);
  if (!text) throw new Error("NiiVue is not here: run `make book` once");
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return import(address).finally(() => URL.revokeObjectURL(address));
}

// Colours by label, as NiiVue takes them. It rounds the lowest of many up, so there is one below the background, too.
function table(names) {
  const channel = (at) => names.map(({ colour }) => parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16));
  const [R, G, B] = [0, 1, 2].map((at) => [0, 0, ...channel(at)]);
  const I = [-1, 0, ...names.map(({ value }) => value)];
  return { R, G, B, A: I.map((value) => (value > 0 ? 255 : 0)), I };
}

async function render({ model, el }) {
  const { Niivue } = await library(model);
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
  const show = make("select", {}, ...Object.keys(SHOW).map((name) => make("option", { textContent: name })));
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
      label("Turn the 3-D view", turn), label("Tilt it", lift)),
    legend,
    make("p", { className: "touch-note", textContent: about }));

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
    nv.setSliceType(SHOW[show.value]);
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
