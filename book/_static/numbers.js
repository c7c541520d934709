// Number exercises: an answer is given in the page and checked there. The rules, where an answer may lie and what to say
// there, were asked of the notebook's own checker when the course was written; the first that holds speaks. Numbers are
// typed; a choice is the number of its option, 0 while none is chosen; a tick is 1; a list of pairs is one long list.
// `all` holds the fields and, behind them, the measures so far.
const MEASURES = {
  sum: (all, weights) => weights.reduce((total, weight, at) => total + weight * all[at], 0),
  ratio: (all, over, under) => all[over] / all[under] + 1e-9,
  scaled: (all, weights) => MEASURES.sum(all, weights) / Math.max(...all.slice(0, weights.length).map(Math.abs)),
  up: (all, at) => Math.ceil(all[at]),
  down: (all, at) => Math.floor(all[at]),
};
const COUNTS = {
  filled: (values) => values.filter((value) => Math.abs(value) > Number.EPSILON).length, // below, SciPy takes it for 0
  same: (values, right) => values.filter((value, at) => value === right[at]).length,
  places: (values) => values.length / 2,
  broken: (values) => values.filter((value) => !Number.isInteger(value)).length,
  largest: (values) => Math.max(...values.map(Math.abs)),
  different: (values) => new Set(values.flatMap((value, at) => (at % 2 ? [] : [`${value} ${values[at + 1]}`]))).size,
  strongest: (values, place, waves) => {
    const sum = (wave) => values.reduce((total, by, at) => total + (at % 2 === place ? wave[by + 8] : 0), 0);
    return Math.max(...waves.map((wave) => Math.abs(sum(wave))));
  },
};

// As Python's `:g`: six digits that count, without zeros at the end.
function general(number) {
  if (number === 0) return Object.is(number, -0) ? "-0" : "0";
  const [digits, power] = number.toExponential(5).split("e").map(Number);
  if (power >= -4 && power < 6) return String(Number(number.toPrecision(6)));
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function verdictOf({ labels, measures = [], verdicts, rules }, values) {
  const all = labels.map((_, at) => values[at]);
  for (const [kind, ...needs] of measures) {
    all.push(kind in COUNTS ? COUNTS[kind](values, ...needs) : MEASURES[kind](all, ...needs));
  }
  const inside = ([at, low, high]) =>
    Array.isArray(low) ? low.includes(all[at]) : (low === null || all[at] >= low) && (high === null || all[at] <= high);
  const [number] = rules.find(([, ...conditions]) => conditions.every(inside));
  const [right, say] = verdicts[number];
  const open = labels.filter((_, at) => values[at] === 0).join(", ");
  const told = (_, name, digits) => (name === "open" ? open : digits ? all[name].toFixed(digits) : general(all[name]));
  return { right, say: say.replace(/\{(open|\d+)(?::(\d))?\}/g, told) };
}

// "7,078,912", "1/3", "−3" and "0,5" are numbers, too.
function numberIn(text) {
  const plain = text.replace(/[\s_]/g, "").replace(/−/g, "-").replace(/,(?=\d{3}(,|\.|$))/g, "").replace(",", ".");
  const [over, under, ...more] = plain.split("/");
  if (!over || under === "" || more.length) return NaN;
  return Number(over) / (under === undefined ? 1 : Number(under));
}

// "(0, 0), (4, −1)" as [0, 0, 4, -1]; null where it holds anything but pairs of numbers.
function pairsIn(text) {
  const plain = text.replace(/−/g, "-").replace(/\s/g, "").replace(/^\[([[(].*?),?\]$/, "$1");
  const number = "[-+]?\\d+(?:\\.\\d+)?";
  const [round, square] = ["()", "[]"].map(([open, close]) => `\\${open}${number},${number}\\${close}`);
  if (!new RegExp(`^(?:${round}|${square})(?:,?(?:${round}|${square}))*$`).test(plain)) return null;
  return plain.match(new RegExp(number, "g")).map(Number);
}

const made = (tag, given = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), given);
  element.append(...inside);
  return element;
};

// A field: where the reader answers, how it is shown, its values (a list, or null) and what to ask for while it has none.
function fieldOf(exercise, number, at) {
  const [name, id] = [exercise.labels[at], `exercise-${number}-field-${at + 1}`];
  const shown = (input) => made("div", {}, made("label", { htmlFor: id }, name), input);
  const choices = exercise.choices?.[at];
  if (choices) {
    const input = made("select", { id }, ...["choose", ...choices].map((text, value) => made("option", { value }, text)));
    return { input, shown: shown(input), values: () => [Number(input.value)] };
  }
  if (exercise.as === "ticked") {
    const input = made("input", { id, type: "checkbox" });
    return { input, shown: made("label", { htmlFor: id }, input, name), values: () => [Number(input.checked)] };
  }
  const input = made("input", { id, type: "text", autocomplete: "off" });
  if (exercise.as === "places") {
    const ask = "Enter pairs of numbers first, such as (0, 0), (1, 1), (2, 2).";
    return { input, shown: shown(input), values: () => pairsIn(input.value), ask };
  }
  const finite = (value) => (Number.isFinite(value) ? [value] : null);
  const ask = exercise.labels.length > 1 ? `Enter a number for "${name}" first.` : "Enter a number first.";
  return { input, shown: shown(input), values: () => finite(numberIn(input.value)), ask };
}

// Where two choices make one answer, the one that is open beside one that is not.
const halfOpen = ({ as }, values) =>
  as === "dictionary of pairs" ? values.findIndex((value, at) => value === 0 && values[at ^ 1] !== 0) : -1;

for (const place of document.querySelectorAll(".number-exercise")) {
  const { exercise: number } = place.dataset;
  const exercise = JSON.parse(place.dataset.rules);
  const fields = exercise.labels.map((_, at) => fieldOf(exercise, number, at));
  const button = made("button", { type: "submit" }, `Check exercise ${number}`);
  const inside = made("fieldset", { className: `fields ${exercise.as.replaceAll(" ", "-")}` }, ...fields.map(({ shown }) => shown));
  if (exercise.legend) inside.prepend(made("legend", {}, exercise.legend));
  const [form, status] = [made("form", {}, inside, button), made("p", { role: "status" })];
  if (exercise.as === "rows") inside.style.setProperty("--columns", Math.sqrt(fields.length));
  form.setAttribute("aria-label", `Exercise ${number}: answer here`);
  form.onsubmit = (event) => {
    event.preventDefault();
    const given = fields.map(({ values }) => values());
    const values = given.flat();
    const half = halfOpen(exercise, values);
    const bad = given.includes(null) ? given.indexOf(null) : half;
    const found = bad < 0 ? verdictOf(exercise, values) : null;
    const state = { true: "Correct.", false: "Not yet.", null: "Not answered yet." }[found?.right];
    form.classList.toggle("is-right", found?.right === true);
    const text = found ? `${state} ${found.say}` : fields[bad].ask ?? `Choose "${exercise.labels[bad]}" first.`;
    status.replaceChildren(...text.split("`").map((part, at) => (at % 2 ? made("code", {}, part) : part)));
    if (bad >= 0) fields[bad].input.focus();
  };
  place.append(form, status);
}
