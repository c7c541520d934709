// The self-test marks itself: what is right stands in the page. The first answer to a question counts, and is kept in
// this browser and nowhere else (without storage, until the page is left).
const quizKey = "unet-course-self-test";
const questions = [...document.querySelectorAll(".quiz-question")];
let first = {};
try {
  const kept = JSON.parse(localStorage.getItem(quizKey));
  if (kept?.constructor === Object) first = kept;
} catch {} // storage is blocked, or holds something else

function keep() {
  try {
    localStorage.setItem(quizKey, JSON.stringify(first));
  } catch {}
}

// What was given, in the form of data-answer; "" while something is missing.
function given(question) {
  const kind = question.dataset.kind;
  if (kind === "number") {
    const text = question.querySelector("input").value.trim().replace("−", "-").replace(",", ".");
    return text !== "" && Number.isFinite(Number(text)) ? String(Number(text)) : "";
  }
  const lists = [...question.querySelectorAll("select")].map((list) => list.value);
  if (lists.length) return lists.includes("") ? "" : lists.join(",");
  return [...question.querySelectorAll("input:checked")].map((button) => button.value).join(",");
}

function near(value, answer, question) {
  return Math.abs(value - answer) <= Number(question.dataset.tolerance) + 1e-9;
}

function isRight(question, value) {
  const answer = question.dataset.answer;
  return question.dataset.kind === "number" ? near(Number(value), Number(answer), question) : value === answer;
}

// What is wrong with an answer that is not right, in the words of the folded explanation where it has some.
function remark(question, value) {
  const { kind, answer } = question.dataset;
  const said = [...question.querySelectorAll("[data-for]")];
  if (kind === "number" || kind === "choose" || kind === "line") {
    const fits = (item) => (kind === "number" ? near(value, item.dataset.for, question) : value === item.dataset.for);
    return said.find(fits)?.querySelector("span").textContent ?? "Think again, or open the answer.";
  }
  const [mine, right] = [value.split(","), answer.split(",")];
  if (kind === "several") {
    const extra = mine.filter((one) => !right.includes(one)).length;
    const missing = right.filter((one) => !mine.includes(one)).length;
    const said = [extra && `${extra} of your marks should not be there.`, missing && `${missing} that should be marked ${missing === 1 ? "is" : "are"} not.`];
    return said.filter(Boolean).join(" ");
  }
  return `${mine.filter((one, place) => one === right[place]).length} of ${right.length} are where they belong.`;
}

function check(question, status) {
  const value = given(question);
  if (!value) {
    status.textContent = question.dataset.kind === "number" ? "Enter a number first." : "Something is still missing.";
    return;
  }
  const right = isRight(question, value);
  first[question.dataset.id] ??= right;
  keep();
  question.classList.toggle("is-right", right);
  question.classList.toggle("is-wrong", !right);
  const late = right && !first[question.dataset.id] ? " (The first answer counts, and was another.)" : "";
  status.textContent = right ? `Right.${late}` : `Not right. ${remark(question, value)}`;
  if (right) question.querySelector("details").open = true;
  count();
}

// Fill in the table at the end, and the line below each chapter whose questions have all been answered.
function count() {
  let [sum, answered] = [0, 0];
  for (const row of document.querySelectorAll(".quiz-results tbody tr")) {
    const own = questions.filter((question) => question.closest("section").id === `chapter-${row.dataset.chapter}`);
    const done = own.filter((question) => question.dataset.id in first);
    const right = done.filter((question) => first[question.dataset.id]).length;
    const links = new Map();
    for (const question of done.filter((one) => !first[one.dataset.id]))
      for (const link of question.querySelectorAll(".quiz-read a")) links.set(link.href, link);
    const cells = row.querySelectorAll("td");
    cells[0].textContent = done.length ? right : "";
    const list = [...links.values()].flatMap((link, place) => [place ? ", " : "", link.cloneNode(true)]);
    cells[2].replaceChildren(...list);
    const line = document.querySelector(`#chapter-${row.dataset.chapter} .quiz-result`);
    if (done.length === own.length) {
      line.replaceChildren(`${right} of ${own.length} right at the first answer.`);
      if (list.length) line.append(" Read again: ", ...list.map((one) => one.cloneNode?.(true) ?? one), ".");
    } else line.replaceChildren();
    [sum, answered] = [sum + right, answered + done.length];
  }
  document.getElementById("quiz-total").textContent =
    answered ? `${sum} right at the first answer, of ${answered} answered; ${questions.length} in all.` : "";
}

for (const question of questions) {
  const button = document.createElement("button");
  const status = document.createElement("p");
  const name = question.querySelector("legend b").textContent;
  Object.assign(button, { type: "button", className: "quiz-check", textContent: `Check ${name}` });
  status.setAttribute("role", "status");
  status.className = "quiz-status";
  button.onclick = () => check(question, status);
  question.querySelector("input[type=text]")?.addEventListener("keydown", (press) => {
    if (press.key === "Enter") button.click();
  });
  question.querySelector("fieldset").after(button, status);
}
for (const chapter of new Set(questions.map((question) => question.closest("section")))) {
  const line = document.createElement("p");
  line.className = "quiz-result";
  line.setAttribute("role", "status");
  chapter.append(line);
}

const again = document.createElement("button");
Object.assign(again, { type: "button", className: "quiz-check", textContent: "Forget my answers and start again" });
again.onclick = () => {
  try {
    localStorage.removeItem(quizKey);
  } catch {}
  location.hash = "";
  location.reload();
};
document.getElementById("quiz-again").append(again);
count();

// Paper has no folds.
addEventListener("beforeprint", () => {
  for (const answer of document.querySelectorAll(".quiz-answer")) answer.open = true;
});
