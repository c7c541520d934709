// node onnx_in_node.mjs RUNTIME WASM MODEL NUMBERS: run a network by onnxruntime-web, and print its outputs as JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [runtime, wasm, model, numbers] = process.argv.slice(2);
const ort = await import(pathToFileURL(runtime));
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmBinary = readFileSync(wasm);
const session = await ort.InferenceSession.create(readFileSync(model), { executionProviders: ["wasm"] });
const given = JSON.parse(readFileSync(numbers, "utf8"));
const feeds = Object.entries(given).map(([name, { data, dims }]) => [name, new ort.Tensor("float32", data, dims)]);
const found = await session.run(Object.fromEntries(feeds));
process.stdout.write(JSON.stringify(Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, [...data]]))));
