// Number exercises: an answer is given in the page and checked there. The rules, a box of numbers and what to say in it,
// were asked of the notebook's own checker when the course was written; the first box that holds the answer speaks.
function verdictOf(rules, values) {
  const inside = ({ low, high }) => values.every((value, at) => (low[at] === null || value >= low[at]) && (high[at] === null || value <= high[at]));
  return rules.find(inside);
}

// "7,078,912", "1/3", "−3" and "0,5" are numbers, too.
function numberIn(text) {
  const plain = text.replace(/[\s_]/g, "").replace(/−/g, "-").replace(/,(?=\d{3}(,|\.|$))/g, "").replace(",", ".");
  const [over, under, ...more] = plain.split("/");
  if (!over || under === "" || more.length) return NaN;
  return Number(over) / (under === undefined ? 1 : Number(under));
}

for (const place of document.querySelectorAll(".number-exercise")) {
  const { exercise } = place.dataset;
  const { labels, rules } = JSON.parse(place.dataset.rules);
  const form = document.createElement("form");
  form.setAttribute("aria-label", `Exercise ${exercise}: answer here`);
  const fields = labels.map((name) => {
    const [label, field] = [document.createElement("label"), document.createElement("input")];
    Object.assign(field, { type: "text", inputMode: "text", autocomplete: "off" });
    label.append(`${name} `, field);
    form.append(label);
    return field;
  });
  const [button, status] = [document.createElement("button"), document.createElement("p")];
  Object.assign(button, { type: "submit", textContent: `Check exercise ${exercise}` });
  status.setAttribute("role", "status");
  form.append(button);
  form.onsubmit = (event) => {
    event.preventDefault();
    const values = fields.map((field) => numberIn(field.value));
    const bad = values.findIndex((value) => !Number.isFinite(value));
    const found = bad < 0 ? verdictOf(rules, values) : null;
    form.classList.toggle("is-right", Boolean(found?.right));
    status.textContent = found ? `${found.right ? "Correct." : "Not yet."} ${found.say}` : `Enter a number${fields.length > 1 ? ` for "${labels[bad]}"` : ""} first.`;
    if (bad >= 0) fields[bad].focus();
  };
  place.append(form, status);
}
