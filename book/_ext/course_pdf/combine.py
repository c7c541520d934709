"""One HTML page of many: each page's article, with its ids made its own, and links between pages made links within."""

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

LEFT_OUT = {"book/instructor", "book/run-times", "book/api"}  # of no use on paper
FOR_SCREENS = ".notebook-links, .try-it, .headerlink, .copybtn, script"
LISTS_OF_IDS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details")
REFERENCE = re.compile(r"url\((['\"]?)#")


@dataclass
class Part:
    """A page that is in the PDF: where it is in the site, its name in the PDF, its depth in the contents."""

    path: str  # without its suffix
    name: str
    level: int
    title: str = ""


def table_of_contents(toc: Path) -> list[Part]:
    """List the pages in order: the first page of a part that has chapters is above them."""
    found = []
    for part in yaml.safe_load(toc.read_text(encoding="utf-8"))["parts"]:
        files = [entry["file"] for entry in part["chapters"] if "file" in entry and entry["file"] not in LEFT_OUT]
        for path in files:
            found.append(Part(path, posixpath.basename(path), 2 if path.startswith("notebooks/") else 1))
    return found


def article(site: Path, part: Part, parts: list[Part]) -> Tag:
    """Return the article of a page, ready to stand among the others; notes its title in `part`."""
    soup = BeautifulSoup((site / f"{part.path}.html").read_text(encoding="utf-8"), "html.parser")
    found = soup.find("article", class_="bd-article")
    assert isinstance(found, Tag), f"{part.path}.html has no article"
    for element in found.select(FOR_SCREENS):
        element.decompose()
    by_path = {other.path: other.name for other in parts}
    for element in found.find_all(True):
        make_own(element, part.name)
        for name in ("src", "data"):
            if not (address := str(element.get(name, "data:"))).startswith("data:"):
                element[name] = from_root(part.path, address)
        if "href" in element.attrs and element.name == "a":
            lead(element, part, by_path)
    title = found.find("h1")
    part.title = title.get_text().strip() if title else part.name
    for heading in found.find_all(re.compile("^h[1-6]$")):
        heading.name = f"h{min(int(heading.name[1]) + part.level - 1, 6)}"
    found["id"] = part.name
    found["class"] = f"bd-article level-{part.level}"
    return found


def make_own(element: Tag, name: str) -> None:
    """Put the page's name before every id of an element, and before every id that it refers to."""
    for key, value in list(element.attrs.items()):
        if key == "id":
            element[key] = f"{name}--{value}"
        elif key in LISTS_OF_IDS:
            element[key] = " ".join(f"{name}--{one}" for one in str(value).split())
        elif key in ("href", "xlink:href") and str(value).startswith("#") and element.name != "a":
            element[key] = f"#{name}--{str(value)[1:]}"
        elif isinstance(value, str) and "url(" in value:
            element[key] = REFERENCE.sub(lambda match: f"url({match[1]}#{name}--", value)


def from_root(path: str, address: str) -> str:
    """Turn an address that is right on a page into one from the root of the site."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address))


def lead(link: Tag, part: Part, by_path: dict[str, str]) -> None:
    """Let a link lead to the same place in the PDF; to nowhere, if that place is not in it."""
    parsed = urlsplit(str(link["href"]))
    if parsed.scheme:
        return
    target = from_root(part.path, unquote(parsed.path)).removesuffix(".html") if parsed.path else part.path
    name = "contents" if target == "index" else by_path.get(target)
    if name is None:
        del link["href"]
    else:
        link["href"] = f"#{name}--{unquote(parsed.fragment)}" if parsed.fragment and name != "contents" else f"#{name}"


def dead_ends(soup: Tag) -> list[str]:
    """Name the links within the page that lead to no place on it."""
    places = {element["id"] for element in soup.find_all(id=True)}
    targets = [str(link["href"]) for link in soup.find_all("a", href=True)]
    return sorted({target for target in targets if target.startswith("#") and target[1:] not in places})


def headings(page: str) -> set[str]:
    """Return the words of every heading, and of the one that `print.js` adds."""
    found = BeautifulSoup(page, "html.parser").find_all(re.compile("^h[1-6]$"))
    return {" ".join(heading.get_text().split()) for heading in found} | {"Answers"}


def head(site: Path, page: str, up: str) -> list[str]:
    """Return the styles of a page, and its formulas' settings and script, as lines of HTML."""
    soup = BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
    lines = []
    for element in soup.select('link[rel="stylesheet"], link[href*="theme.css"], script'):
        source = "href" if element.name == "link" else "src"
        named = str(element.get(source, ""))
        if element.name == "link" or "mathjax" in named or "window.MathJax" in element.text:
            if named:
                element[source] = up + from_root(page, urlsplit(named).path)
            if str(element) not in lines:
                lines.append(str(element))
    return lines
