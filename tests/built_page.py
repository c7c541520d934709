"""A page of the built site as text: what it loads, where it links, how heavy and how large it is, without a browser."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from browser import SITE, compressed

LOADED = {"stylesheet", "icon", "preload", "modulepreload"}  # of links in a page's head; others only point somewhere


class BuiltPage(HTMLParser):
    """What stands in the tags of a page.

    named : every address that the page names for something to be loaded
    loaded : those of them that a browser does load, at first sight or on scrolling
    links : where its links lead
    ids : the places on it that a link may lead to
    nodes : how many elements it has
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.named: list[str] = []
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.nodes = 0
        self.language, self.title, self.description = "", "", ""
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one tag says."""
        has = {name: value or "" for name, value in attrs}
        self.nodes += 1
        self.ids.add(has.get("id", ""))
        if tag == "html":
            self.language = has.get("lang", "")
        elif tag == "meta" and has.get("name") == "description":
            self.description = has.get("content", "")
        elif tag == "a" and "href" in has:
            self.links.append(has["href"])
        elif tag == "link" and "href" in has:
            self.named.append(has["href"])
            self.loaded += [has["href"]] * bool(LOADED & set(has.get("rel", "").split()))
        self._in_title = tag == "title" and not self.title  # the first is the page's, others are drawings'
        styled = re.findall(r"url\(['\"]?([^'\")]+)", has.get("style", ""))
        sources = [has[name] for name in ("src", "srcset", "data", "data-src", "poster") if name in has]
        self.named += sources + styled
        self.loaded += sources + styled

    def handle_data(self, data: str) -> None:
        """Note the title."""
        if self._in_title:
            self.title += data.strip()
            self._in_title = False


@cache
def built(path: str, site: Path = SITE) -> BuiltPage:
    """Read a page, given by its address from the root of the site."""
    return BuiltPage((site / path).read_text(encoding="utf-8"))


def dead_links(path: str, site: Path = SITE) -> list[str]:
    """Return the links of a page that lead to no file of the site, or to no place on it."""
    dead = []
    for link in built(path, site).links:
        target, _, anchor = link.partition("#")
        if urlsplit(link).netloc or link.startswith("mailto:"):
            continue
        file = (site / path).parent / unquote(target) if target else site / path
        there = file.resolve()
        if not file.exists() or not there.is_relative_to(site.resolve()):
            dead.append(link)
        elif anchor and file.suffix == ".html":
            named = built(there.relative_to(site.resolve()).as_posix(), site).ids
            dead += [link] * (unquote(anchor) not in named)
    return dead


def weight(path: str) -> int:
    """Return the bytes sent for a page and for all that it names: what its scripts fetch on top, a browser sees."""
    here = (SITE / path).parent
    addresses = [address for address in built(path).loaded if not address.startswith("data:")]
    files: set[Path] = {(here / unquote(urlsplit(address).path)).resolve() for address in addresses}
    return compressed(SITE / path) + sum(compressed(file) for file in files if file.is_file())
