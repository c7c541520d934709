// The network in a worker of its own, so that the page stays quick: onnxruntime-web, on one thread.
import * as ort from "./ort.js";

const unzipped = (body) => new Response(body.stream().pipeThrough(new DecompressionStream("gzip")));

async function bytes(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name} is not on this site`);
  const content = new Uint8Array(await answer.arrayBuffer());
  if (content[0] !== 0x1f || content[1] !== 0x8b) return content; // unpacked on the way, by what the server said
  return new Uint8Array(await unzipped(new Blob([content])).arrayBuffer());
}

async function load() {
  Object.assign(ort.env, { logLevel: "error" });
  const [wasm, model] = await Promise.all([bytes("ort.wasm.gz"), bytes("live.onnx")]);
  Object.assign(ort.env.wasm, { numThreads: 1, wasmBinary: wasm });
  return ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
}
const loaded = load();

// Each map from 0 to 255, as bright as its own largest value.
function brightened({ data, dims: [, channels, height, width] }) {
  const [size, drawn] = [height * width, new Uint8Array(data.length)];
  for (let start = 0; start < channels * size; start += size) {
    let most = 1e-9;
    for (let i = start; i < start + size; i++) most = Math.max(most, data[i]);
    for (let i = start; i < start + size; i++) drawn[i] = Math.max(0, data[i]) * (255 / most);
  }
  return drawn;
}

onmessage = async ({ data: { id, image, gates } }) => {
  try {
    const session = await loaded;
    const side = Math.sqrt(image.length);
    const begun = performance.now();
    const feeds = { image: new ort.Tensor("float32", image, [1, 1, side, side]) };
    feeds.gates = new ort.Tensor("float32", gates, [gates.length]);
    const found = await session.run(feeds);
    const ms = performance.now() - begun;
    const logits = found.logits.data;
    const probability = Float32Array.from(image, (_, i) => 1 / (1 + Math.exp(logits[i] - logits[i + side * side])));
    const maps = session.outputNames.slice(1).map((name) => brightened(found[name]));
    postMessage({ id, ms, probability, maps }, [probability.buffer, ...maps.map((map) => map.buffer)]);
  } catch (error) {
    postMessage({ id, error: error.message || String(error) });
  }
};
