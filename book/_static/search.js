// Sphinx finds; this puts in order what was found, and shows where in the page it stands.
// First the glossary and the chapters, then other pages, last the functions of the reference.
const places = [[/^book\/glossary/, 30], [/^notebooks\//, 20], [/^book\/api/, -60], [/^book\/self-test/, -15]];
const stemmer = new Stemmer();
const stem = (word) => stemmer.stemWord(word);

// The words of a text, and the terms of the glossary in it, each as one word.
function stems(text) {
  const words = splitWords(text);
  const terms = [2, 3].flatMap((size) => words.map((_, place) => courseWords.terms[words.slice(place, place + size).join(" ")]));
  return [...words, ...terms.filter(Boolean)].map(stem);
}

// The prose of a page comes when the index names it, and only of the first pages: a dozen is more than anybody reads.
const MOST = 12;
Search.pages = {};
Search.setText = (page, sections) => (Search.pages[page] = sections);

function load(page) {
  return new Promise((done) => {
    const script = document.createElement("script");
    script.onload = script.onerror = done;
    script.src = `${document.documentElement.dataset.content_root}_static/search-text/${page}.js`;
    document.head.append(script);
  });
}

const placed = (page) => places.reduce((sum, [path, more]) => sum + (path.test(page) ? more : 0), 0);

// How often each term occurs, and in which section of a page the most of them do, short headings first.
function look(page, terms) {
  let [total, best, most] = [0, null, 0];
  for (const section of Search.pages[page] ?? []) {
    const [text, heading] = [stems(section[2]), stems(section[1])];
    let score = 0;
    for (const term of terms) {
      const hits = text.filter((one) => one === term).length;
      total += hits + heading.includes(term);
      score += Math.min(hits, 5) + (30 * heading.includes(term)) / splitWords(section[1]).length;
    }
    if (score > most) [best, most] = [section, score];
  }
  return { total, best };
}

// The words around the first hit, and the hit itself marked.
function context(text, terms) {
  const line = document.createElement("p");
  line.className = "context";
  for (const { index } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    for (const count of [1, 2, 3]) {
      const ahead = text.slice(index, index + 60).match(new RegExp(`^([^\\s-]+[\\s-]?){${count}}`, "u"))?.[0] ?? "";
      const words = splitQuery(ahead);
      if (words.length !== 1 || !terms.includes(stem(words[0]))) continue;
      const [from, to] = [Math.max(0, index - 90), index + ahead.replace(/[^\p{L}\p{N}]+$/u, "").length];
      const mark = document.createElement("mark");
      mark.textContent = text.slice(index, to);
      const before = from ? text.slice(from, index).replace(/^\S*\s/, "… ") : text.slice(0, index);
      const after = to + 150 < text.length ? text.slice(to, to + 150).replace(/\s\S*$/, " …") : text.slice(to);
      line.append(before, mark, after);
      return line;
    }
  }
  line.textContent = text.slice(0, 200);
  return line;
}

// What the index finds. A heading may be written with a hyphen or without, and in one spelling only.
function named(query) {
  const [, parsed, excluded, highlight] = Search._parseQuery(query);
  const terms = new Set([...parsed].filter((word) => !(word in {}))); // Sphinx trips over "constructor"
  const words = query.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const names = new Set(words.filter((word) => word.length > 2 && !stopwords.includes(word)));
  const british = splitQuery(query).every((word) => /^n\d/.test(word) || Object.values(courseWords.terms).includes(word))
    ? query : splitQuery(query).join(" ");
  const spellings = new Set([query, query.replaceAll("-", " "), query.trim().replaceAll(/\s+/g, "-"), british]);
  return [[...spellings].flatMap((one) => Search._performSearch(one, terms, excluded, highlight, names)), [...terms]];
}

// The first pages of what was found, without the reference, whose prose nobody needs to see.
function first(results) {
  const ordered = results.toSorted((a, b) => b[4] + placed(b[0]) - a[4] - placed(a[0]));
  return [...new Set(ordered.map(([page]) => page))].filter((page) => !/^book\/(api|instructor)/.test(page)).slice(0, MOST);
}

function inOrder(results, terms) {
  const best = new Map();
  for (const [page, title, anchor, about, score] of results) {
    const { total, best: section } = anchor ? {} : look(page, terms);
    const unseen = !anchor && Search.pages[page] && !total ? "in its code, its outputs or its answers" : about;
    const place = anchor || (section?.[0] ? `#${section[0]}` : "");
    const worth = score + placed(page) + Math.log2(1 + (total ?? 0)) - (unseen && !about ? 15 : 0);
    const old = best.get(page + place);
    if (!old || old.worth < worth) best.set(page + place, { page, title, place, about: unseen, worth });
  }
  return [...best.values()].sort((a, b) => b.worth - a.worth || a.title.localeCompare(b.title));
}

Search.query = async (query) => {
  const [found, terms] = named(query);
  await Promise.all(first(found).filter((page) => !Search.pages[page]).map(load));
  const results = inOrder(found, terms);
  for (const { page, title, place, about } of results) {
    const section = (Search.pages[page] ?? []).find((one) => one[0] && `#${one[0]}` === place) ?? Search.pages[page]?.[0];
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = page + DOCUMENTATION_OPTIONS.LINK_SUFFIX + place;
    const [pageTitle] = Search.pages[page] ?? [];
    link.textContent = section ? pageTitle[1] + (section === pageTitle ? "" : ` › ${section[1]}`) : title.replaceAll(/<[^>]*>/g, "");
    item.append(link, about ? ` (${about})` : "");
    if (section?.[2] && !about) item.append(context(section[2], terms));
    Search.output.append(item);
  }
  Search.stopPulse();
  Search.title.textContent = "Search results";
  Search.status.setAttribute("role", "status");
  Search.status.textContent = results.length
    ? `${results.length} ${results.length === 1 ? "place" : "places"} found.`
    : "Nothing was found. Try fewer words, or another word.";
};
