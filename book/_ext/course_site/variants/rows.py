"""The variants in `book/variants.yml`: what is said of each, and the table that the page makes of them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = "book/variants.yml"
MECHANISMS = ("skip", "residual", "3-D", "transformer", "other")
NAMED_BY = ("azad", "course")
ADDRESSES = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/", "url": ""}
FORMS = {"arxiv": r"(\d{2})(0[1-9]|1[0-2])\.\d{4,5}", "doi": r"10\.\d{4,9}/\S+", "url": r"https://\S+"}


@dataclass
class Variant:
    """A row of the table and a name in the picture; `kind` says what `identifier` is, a key of FORMS."""

    name: str
    year: int
    mechanisms: list[str]
    change: str
    chapters: list[int]
    named_by: str
    authors: str
    title: str
    venue: str
    kind: str
    identifier: str
    short: str = ""

    @property
    def label(self) -> str:
        """Return the name as the picture has room for it."""
        return self.short or self.name

    def paper(self) -> str:
        """Return the citation, in Markdown."""
        shown = {"arxiv": f"arXiv:{self.identifier}", "doi": f"doi:{self.identifier}", "url": self.venue}[self.kind]
        said = [f"{self.authors}, *{self.title}*"]
        said += [self.venue] * (self.venue != "preprint" and self.kind != "url")
        return ", ".join([*said, f"[{shown}]({ADDRESSES[self.kind]}{self.identifier})"])


def variant(told: dict[str, Any]) -> Variant:
    """Read an entry; raises ValueError, with the variant's name, where something is missing or cannot be right."""
    name = told.get("name", "an entry without a name")
    kinds = [kind for kind in FORMS if kind in told]
    if len(kinds) != 1:
        raise ValueError(f"{name}: needs one of {', '.join(FORMS)}")
    kind = kinds[0]
    try:
        one = Variant(**{key: value for key, value in told.items() if key != kind}, kind=kind, identifier=told[kind])
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from None
    if empty := [key for key in ("name", "change", "authors", "title", "venue", "mechanisms") if not getattr(one, key)]:
        raise ValueError(f"{name}: nothing stands in {', '.join(empty)}")
    if unknown := sorted(set(one.mechanisms) - set(MECHANISMS)):
        raise ValueError(f"{name}: {unknown[0]} is not among {', '.join(MECHANISMS)}")
    if one.named_by not in NAMED_BY:
        raise ValueError(f"{name}: named_by is one of {', '.join(NAMED_BY)}")
    form = re.fullmatch(FORMS[kind], one.identifier)
    if form is None:
        raise ValueError(f"{name}: {one.identifier} is no {kind}")
    if not 2015 <= one.year <= 2026:
        raise ValueError(f"{name}: {one.year} cannot be its year")
    if kind == "arxiv" and one.year != 2000 + int(form[1]):
        raise ValueError(f"{name}: a preprint of 20{form[1]} first appeared then, not in {one.year}")
    return one


def variants(root: Path) -> list[Variant]:
    """Read the file, sorted by year and then by name; raises ValueError where a name stands twice."""
    found = [variant(told) for told in yaml.safe_load((root / FILE).read_text(encoding="utf-8"))]
    names = [one.name for one in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{twice[0]} stands twice in {FILE}")
    return sorted(found, key=lambda one: (one.year, one.name.lower()))


def taught(numbers: list[int]) -> str:
    """Say which chapters teach it; the site makes links of them, to the planned ones as well."""
    if not numbers:
        return "none"
    return f"chapter{'s' * (len(numbers) > 1)} {' and '.join(map(str, numbers))}"


def table(found: list[Variant]) -> str:
    """Write the table, in Markdown."""
    lines = ["::::{container} variants-table", ""]
    lines += ["| Variant | Year | Mechanism | What it changed in the U | Here | Paper |", "|:--|:--|:--|:--|:--|:--|"]
    for one in found:
        kinds = ", ".join(f"[{mechanism}]{{.mechanism}}" for mechanism in one.mechanisms)
        cells = [f"**{one.name}**", str(one.year), kinds, one.change, taught(one.chapters), one.paper()]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", "::::"])


def counts(found: list[Variant]) -> str:
    """Say in a sentence how many there are, who names them, and how many fit none of the four."""
    outside = [one for one in found if one.mechanisms[0] == "other"]
    of_azad = [one for one in found if one.named_by == "azad"]
    return (
        f"There are {len(found)}: {len(of_azad)} that the picture names, and {len(found) - len(of_azad)} that it does "
        f"not and this course teaches or mentions. Of all of them, {len(outside)} changed something that is none of "
        "the four."
    )
