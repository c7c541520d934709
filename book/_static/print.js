// On paper nothing unfolds: answers move to the end of their chapter while it is printed, and other folds open.
// What kind a fold is, its tag says (course_site/folds.py). Called once for each article, so that a file of many chapters works too.
function foldOut(article) {
  const prefix = article.id ? `${article.id}--` : "", back = [];
  const answers = [...article.querySelectorAll("details[data-fold='answer']")].filter((fold) => !fold.parentElement.closest("details"));
  for (const fold of article.querySelectorAll("details[data-fold='curious']:not([open])")) {
    fold.open = true;
    back.push(() => { fold.open = false; });
  }
  if (!answers.length) return () => back.forEach((undo) => undo());

  const make = (tag, kind, ...inside) => {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    made.append(...inside);
    return made;
  };
  const link = (to, text) => Object.assign(make("a", "", text), { href: `#${prefix}${to}` });
  const heading = make(article.querySelector("h1") ? "h2" : "h3", "", "Answers");
  const appendix = make("section", "answers on-paper", heading);
  answers.forEach((fold, at) => {
    const number = at + 1, summary = fold.querySelector("summary");
    const said = (summary.querySelector(".collapsed") ?? summary).textContent.trim();
    const bare = /^(Answer|Show the solution)$/.test(said);  // says nothing itself: the exercise above it does
    const above = fold.closest("section")?.querySelector(":is(h1, h2, h3, h4, h5)")?.cloneNode(true);
    above?.querySelector(".headerlink")?.remove();
    const title = bare ? above?.textContent ?? said : said;
    const note = bare
      ? make("p", "answer-note on-paper", link(`answer-${number}`, `Answer ${number} stands at the end.`))
      : make("p", "answer-note asks on-paper", `${said} `, link(`answer-${number}`, `(Answer ${number})`));
    note.id = `${prefix}asked-${number}`;
    const content = [...fold.childNodes].slice([...fold.childNodes].indexOf(summary) + 1);
    const answer = make("div", fold.classList.contains("hide") ? "answer cell" : "answer",
      make("p", "answer-title", link(`asked-${number}`, `${number}.`), ` ${title}`), ...content);
    answer.id = `${prefix}answer-${number}`;
    appendix.append(answer);
    fold.replaceWith(note);
    back.push(() => { note.replaceWith(fold); fold.append(...content); });
  });
  article.append(appendix);
  back.push(() => appendix.remove());
  return () => back.forEach((undo) => undo());
}

let undo = [];
addEventListener("beforeprint", () => {
  if (undo.length) return;
  const page = document.documentElement, theme = page.dataset.theme;
  page.dataset.theme = "light";  // paper is white
  undo = [...document.querySelectorAll("article.bd-article")].map(foldOut);
  undo.push(() => { page.dataset.theme = theme; });
});
addEventListener("afterprint", () => {
  undo.forEach((step) => step());
  undo = [];
});
