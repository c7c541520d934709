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

const wasm = bytes("ort.wasm.gz");
async function load(name) {
  const [wasmBinary, model] = await Promise.all([wasm, bytes(name)]);
  Object.assign(ort.env, { logLevel: "error" });
  Object.assign(ort.env.wasm, { numThreads: 1, wasmBinary });
  return ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
}
const loaded = {};

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

// A square picture, its channels one after the other, and for a network with skips on switches their gates.
onmessage = async ({ data: { id, model = "live.onnx", image, channels = 1, gates } }) => {
  try {
    const session = await (loaded[model] ??= load(model));
    const [size, begun] = [image.length / channels, performance.now()];
    const side = Math.sqrt(size);
    const feeds = { image: new ort.Tensor("float32", image, [1, channels, side, side]) };
    if (gates) feeds.gates = new ort.Tensor("float32", gates, [gates.length]);
    const found = await session.run(feeds);
    const ms = performance.now() - begun;
    const logits = found.logits.data;
    const probability = Float32Array.from({ length: size }, (_, i) => 1 / (1 + Math.exp(logits[i] - logits[i + size])));
    const maps = session.outputNames.slice(1).map((name) => brightened(found[name]));
    postMessage({ id, ms, probability, maps }, [probability.buffer, ...maps.map((map) => map.buffer)]);
  } catch (error) {
    postMessage({ id, error: error.message || String(error) });
  }
};
