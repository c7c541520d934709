"""The family tree as inline SVG: bands over the years, a name where there is room; one drawing wide, one narrow.

Text is measured by a rule of thumb, on the safe side, so that no font has to be asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from .rows import MECHANISMS, Variant

SIZE = 13  # of letters, in the drawing's own pixels
LINE = 21
NAMES = {
    "skip": "Skip connections",
    "residual": "Residual connections",
    "3-D": "Three dimensions",
    "transformer": "Transformers",
    "other": "None of the four",
}


@dataclass
class Label:
    """A name beside its dot, and the box that both fill; `turned` puts the name to the left of the dot."""

    of: Variant
    x: float
    y: float
    turned: bool = False

    @property
    def box(self) -> tuple[float, float]:
        """Return where it begins and ends, from left to right."""
        return (self.x - 10 - width(self.of), self.x + 5) if self.turned else (self.x - 5, self.x + 10 + width(self.of))


@dataclass
class Band:
    """One mechanism: its names, and the room that they take."""

    mechanism: str
    top: float
    height: float
    labels: list[Label] = field(default_factory=list)


def width(one: Variant) -> float:
    """Return how wide a name is at most; what the course teaches is bold."""
    return len(one.label) * SIZE * (0.62 if one.chapters else 0.56)


def bands(found: list[Variant]) -> Iterator[tuple[str, list[Variant]]]:
    """Yield each mechanism with the variants whose first one it is."""
    for mechanism in MECHANISMS:
        if inside := [one for one in found if one.mechanisms[0] == mechanism]:
            yield mechanism, inside


class Wide:
    """Years from left to right."""

    across, left, right, head = 840, 130, 30, 34
    kind = "wide"

    def __init__(self, found: list[Variant]) -> None:
        self.found = found
        self.years = range(2016, max(one.year for one in found) + 1)
        self.bands: list[Band] = []
        top = float(self.head)
        for mechanism, inside in bands(found):
            band = Band(mechanism, top, 0)
            rows: list[list[Label]] = []
            for one in inside:
                self.place(one, rows)
            for number, row in enumerate(rows):
                for label in row:
                    label.y = top + 42 + number * LINE
                    band.labels.append(label)
            band.height = 34 + len(rows) * LINE + 8
            top += band.height + 10
            self.bands.append(band)
        self.down = top

    def at(self, year: int) -> float:
        """Return where a year is."""
        step = (self.across - self.left - self.right) / (len(self.years) - 1)
        return self.left + (year - self.years[0]) * step

    def place(self, one: Variant, rows: list[list[Label]]) -> None:
        """Put a name into the first row with room for it, to the right of its dot or to the left."""
        for row in [*rows, []]:
            for turned in (False, True):
                label = Label(one, self.at(one.year), 0, turned)
                begin, end = label.box
                free = all(end + 6 < other.box[0] or other.box[1] + 6 < begin for other in row)
                if free and begin > 100 and end < self.across - 6:
                    row.append(label)
                    if len(row) == 1:
                        rows.append(row)
                    return
        raise ValueError(f"{one.label} is too long for the picture: give it a `short` name")

    def ground(self) -> Iterator[str]:
        """Draw the years, the root and its branches."""
        for year in self.years:
            x = self.at(year)
            yield f'<path class="year" d="M{x:.1f} {self.head - 8} V{self.down - 10:.1f}"/>'
            yield f'<text class="small" x="{x:.1f}" y="{self.head - 16}" text-anchor="middle">{year}</text>'
        middle = (self.head + self.down - 10) / 2
        for band in self.bands:
            y = band.top + 17
            yield f'<path class="branch {css(band)}" d="M67 {middle:.1f} C82 {middle:.1f} 66 {y:.1f} 92 {y:.1f}"/>'
        yield f'<text class="root" x="56" y="{middle - 1:.1f}" text-anchor="end">U-Net</text>'
        yield f'<text class="small" x="56" y="{middle + 15:.1f}" text-anchor="end">2015</text>'
        yield f'<circle class="taught" cx="67" cy="{middle:.1f}" r="6"/>'

    def head_of(self, band: Band) -> str:
        """Draw a band and its name."""
        box = f'<rect class="band {css(band)}" x="92" y="{band.top:.1f}" width="{self.across - 94}"'
        return (
            f'{box} height="{band.height:.1f}" rx="8"/>'
            f'<text class="name" x="104" y="{band.top + 22:.1f}">{NAMES[band.mechanism]}</text>'
        )


class Narrow(Wide):
    """Years from top to bottom within each band, for a phone."""

    across, left, head = 350, 62, 44
    kind = "narrow"

    def __init__(self, found: list[Variant]) -> None:
        self.found = found
        self.bands = []
        top = float(self.head)
        for mechanism, inside in bands(found):
            band = Band(mechanism, top, 0)
            x, y, year = 0.0, top + 30.0, 0
            for one in inside:
                if one.year != year or x + 16 + width(one) > self.across - 6:
                    x, y = self.left, y + LINE
                year = one.year
                band.labels.append(Label(one, x, y))
                x += 26 + width(one)
            band.height = y - top + 14
            top += band.height + 12
            self.bands.append(band)
        self.down = top

    def ground(self) -> Iterator[str]:
        """Draw the root, the trunk, and each year beside its first line."""
        yield '<text class="root" x="22" y="20">U-Net</text><text class="small" x="78" y="20">2015</text>'
        yield f'<path class="branch" d="M8 20 V{self.bands[-1].top + 17:.1f}"/>'
        yield '<circle class="taught" cx="8" cy="15" r="6"/>'
        for band in self.bands:
            yield f'<path class="branch {css(band)}" d="M8 {band.top + 17:.1f} H18"/>'
            years: set[int] = set()
            for label in band.labels:
                if label.of.year not in years:
                    yield f'<text class="small" x="22" y="{label.y + 4:.1f}">{label.of.year}</text>'
                years.add(label.of.year)

    def head_of(self, band: Band) -> str:
        """Draw a band and its name."""
        box = f'<rect class="band {css(band)}" x="16" y="{band.top:.1f}" width="{self.across - 17}"'
        return (
            f'{box} height="{band.height:.1f}" rx="8"/>'
            f'<text class="name" x="24" y="{band.top + 22:.1f}">{NAMES[band.mechanism]}</text>'
        )


def css(band: Band) -> str:
    """Return the class that gives a band its colour."""
    return f"band-{band.mechanism.lower()}"


def words(found: list[Variant]) -> str:
    """Say what is to be seen; the table holds the rest."""
    sizes = ", ".join(f"{NAMES[mechanism].lower()}: {len(inside)}" for mechanism, inside in bands(found))
    first, last = found[0].year, found[-1].year
    return (
        f"A family tree: from the U-Net of 2015 lead five branches, on which {len(found)} variants stand at the "
        f"year in which they appeared, {first} to {last}. {sizes}. The table below holds every name."
    )


def svg(drawing: Wide) -> str:
    """Draw it."""
    name = f"variants-{drawing.kind}"
    parts = [
        f'<svg class="family-tree {drawing.kind}" viewBox="0 0 {drawing.across} {drawing.down:.0f}" role="img" '
        f'aria-labelledby="{name}" font-size="{SIZE}"><title id="{name}">{escape(words(drawing.found))}</title>',
        *(drawing.head_of(band) for band in drawing.bands),
        *drawing.ground(),
    ]
    for band in drawing.bands:
        for label in band.labels:
            taught = "taught" if label.of.chapters else "untaught"
            x, anchor = (label.x - 9, ' text-anchor="end"') if label.turned else (label.x + 9, "")
            parts.append(f'<circle class="{taught} {css(band)}" cx="{label.x:.1f}" cy="{label.y:.1f}" r="4"/>')
            parts.append(
                f'<text class="{taught}" x="{x:.1f}" y="{label.y + 4.5:.1f}"{anchor}>{escape(label.of.label)}</text>'
            )
    return "".join([*parts, "</svg>"])


def picture(found: list[Variant]) -> str:
    """Return both drawings; the style sheet shows one of them."""
    return f'<div class="family-trees">{svg(Wide(found))}{svg(Narrow(found))}</div>'
