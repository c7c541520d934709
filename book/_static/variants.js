// The table of variants, filtered by words and by mechanism. Without this script the whole table stands there.
const place = document.getElementById("variants-filter");
const rows = [...document.querySelectorAll(".variants-table tbody tr")];
const mechanisms = ["all", "skip", "residual", "3-D", "transformer", "other"];

// "unet", "U-Net" and "u net" are the same word to a reader; so are é and e.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const joined = (text) => plain(text).replace(/-/g, "");
const texts = rows.map((row) => `${plain(row.textContent)} ${joined(row.textContent)}`);
const kinds = rows.map((row) => row.cells[2].textContent.split(",").map((kind) => kind.trim()));

const form = document.createElement("form");
form.className = "variants-filter d-print-none";
form.setAttribute("role", "search");
form.setAttribute("aria-label", "Filter the table of variants");

const label = document.createElement("label");
const words = document.createElement("input");
words.type = "search";
words.autocomplete = "off";
label.append("Words ", words);

const group = document.createElement("fieldset");
const legend = document.createElement("legend");
legend.textContent = "Mechanism";
group.append(legend);
for (const name of mechanisms) {
  const choice = document.createElement("label");
  const button = document.createElement("input");
  Object.assign(button, { type: "radio", name: "mechanism", value: name, checked: name === "all" });
  choice.append(button, ` ${name}`);
  group.append(choice);
}

const count = document.createElement("p");
count.setAttribute("role", "status");

function filter() {
  const wanted = plain(words.value).split(/\s+/).filter(Boolean);
  const kind = form.elements.mechanism.value;
  let shown = 0;
  rows.forEach((row, at) => {
    const fits = kind === "all" || kinds[at].includes(kind);
    row.hidden = !(fits && wanted.every((word) => texts[at].includes(word) || texts[at].includes(joined(word))));
    shown += !row.hidden;
  });
  count.textContent = `${shown} of ${rows.length} shown`;
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.append(label, group, count);
place.append(form);
filter();
