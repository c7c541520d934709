"""Words as the search sees them: numbers whole, American spellings as British ones, terms of the glossary as one word.

Index and query are split by the same rules: here in Python, and in JavaScript, which is written out from them.
"""

import json
import re
from pathlib import Path

from sphinx.search.en import SearchEnglish

# A number, with or without commas, is one word. A letter is put before it: Sphinx's script drops what is all digits.
NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?(?!\w)"
# From American to British, at the beginning or at the end of a word or anywhere in it.
SPELLINGS = [
    (r"^(tum|col|behavi|neighb|fav|vap)or", r"\1our"),
    (r"^gray", "grey"),
    (r"^(cent|fib|lit|(?:milli|centi|micro|nano|kilo)?met)er(s?)$", r"\1re\2"),
    (r"^cent(?:er|r)(?:ed|ing)$", "centre"),
    (r"^([a-z]{3,})iz(e|es|ed|er|ers|ing|ation|ations)$", r"\1is\2"),
    (r"^analyz", "analys"),
    (r"^(label|model|cancel|travel|tunnel)(ed|ing)", r"\1l\2"),
    (r"^hem(at|orr)", r"haem\1"),
    (r"^anesth", "anaesth"),
    (r"^anemi", "anaemi"),
    (r"^artifact", "artefact"),
    (r"^edema", "oedema"),
]


def british(word: str) -> str:
    """Return a word, in lower case, as it would be spelled in Britain: one spelling for both."""
    for american, spelled in SPELLINGS:
        word = re.sub(american, spelled, word)
    return word


def terms_of(glossary: Path) -> dict[str, str]:
    """Return the glossary's terms of several words: the words, and the words run together."""
    headings = re.findall(r"^## +(.+?)\s*$", glossary.read_text(encoding="utf-8"), re.MULTILINE)
    several = [[british(word) for word in re.findall(r"\w+", heading.lower())] for heading in headings]
    return {" ".join(words): "".join(words) for words in several if len(words) > 1}


class CourseWords(SearchEnglish):
    """English, with the course's own way of splitting a text into words."""

    terms: dict[str, str] = {}  # noqa: RUF012 - set once, before anything is split

    def split(self, input: str) -> list[str]:
        """Return the words of a text, and after the words of a term of the glossary the term as one."""
        words = split(input)
        found = list(words)
        for size in (2, 3):
            phrases = (" ".join(words[place : place + size]) for place in range(len(words) - size + 1))
            found += [self.terms[phrase] for phrase in phrases if phrase in self.terms]
        return found

    @property
    def js_splitter_code(self) -> str:  # type: ignore[override]
        """Return the same in JavaScript; there a term takes the place of its words."""
        spellings = [[american, spelled.replace("\\", "$")] for american, spelled in SPELLINGS]
        data = {"number": NUMBER, "spellings": spellings, "terms": self.terms}
        return f"var courseWords = {json.dumps(data)};\n{SPLITTER}"


def split(text: str) -> list[str]:
    """Return the words of a text in lower case, numbers whole, all in one spelling."""
    found = re.findall(rf"({NUMBER})|(\w+)", text.lower())
    return ["n" + number.replace(",", "") if number else british(word) for number, word in found]


SPLITTER = r"""
var knownWords = new Map();
var splitWords = (text) => {
  const pattern = new RegExp(`(${courseWords.number})|([\\p{L}\\p{N}_]+)`, "gu");
  const british = (word) => {
    if (!knownWords.has(word))
      knownWords.set(word, courseWords.spellings.reduce((one, [from, to]) => one.replace(new RegExp(from), to), word));
    return knownWords.get(word);
  };
  return [...text.toLowerCase().matchAll(pattern)].map(([, number, word]) =>
    number ? "n" + number.replaceAll(",", "") : british(word));
};
var splitQuery = (query) => {
  const words = splitWords(query);
  for (const size of [3, 2])
    for (let place = 0; place + size <= words.length; place++) {
      const term = courseWords.terms[words.slice(place, place + size).join(" ")];
      if (term) words.splice(place, size, term);
    }
  return words;
};
"""
