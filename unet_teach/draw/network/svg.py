"""The pieces of a drawing of a network, as SVG: boxes, bands, arrows, words."""

from collections.abc import Sequence
from html import escape

from unet_teach.draw.network.columns import NAME, Box
from unet_teach.draw.network.routes import Point
from unet_teach.draw.style import BLACK, BLUE, GREEN, PINK, SKY, VERMILLION

PAGE = "currentColor"
LINES = {  # kind of step -> its colour, and its dashes
    "conv": (BLUE, ""),
    "stride": (BLUE, "6 2"),
    "copy": (PAGE, "7 4"),
    "add": (PAGE, ""),
    "gate": (PAGE, "2 3"),
    "pool": (VERMILLION, ""),
    "up": (GREEN, ""),
    "resize": (GREEN, "6 2"),
    "point": (PINK, "2 2"),
}
VARIANTS = ("", "10 2", "4 2", "8 2 2 2")  # dashes that tell two kernels of one kind apart


def box(each: Box) -> str:
    """Draw one feature map: what was copied empty, what was computed filled, channels above, pixels below."""
    top, copied = each.y - each.height / 2, each.width - each.own
    shapes = [(each.x + copied, each.own, SKY)] * (each.map.copied < each.map.channels)
    shapes += [(each.x, copied, "none")] * (each.map.copied > 0)
    marks = [
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{each.height:.1f}" fill="{fill}" '
        f'stroke="{BLUE}" stroke-width="1.2"/>'
        for x, width, fill in shapes
    ]
    marks.append(words(each.centre, top - 4, str(each.map.channels), ' font-weight="600"'))
    marks.append(words(each.centre, top + each.height + 12, each.map.size))
    if each.map.name:
        marks.append(words(each.centre, top - 4 - NAME, each.map.name))
    return "".join(marks)


def crop(source: Box, scale: float) -> str:
    """Mark how much of a map is left after cropping; black, since it lies on the box and not on the page."""
    half = scale * source.height / 2
    return "".join(
        f'<path d="M{source.x:.1f} {y:.1f}H{source.right:.1f}" stroke="{BLACK}" stroke-dasharray="3 2"/>'
        for y in (source.y - half, source.y + half)
    )


def words(x: float, y: float, text: str, style: str = "") -> str:
    """Write a line."""
    return f'<text x="{x:.1f}" y="{y:.1f}"{style}>{escape(text)}</text>'


def band(right: float, top: float, bottom: float, names: Sequence[str], middle: float) -> str:
    """Draw a faint band behind a level, and name the level at its left."""
    first = middle + 4 - 7 * (len(names) - 1)
    style = ' class="level" text-anchor="start"'
    lines = "".join(words(6, first + 14 * line, name, style) for line, name in enumerate(names))
    return (
        f'<rect x="0" y="{top:.1f}" width="{right:.1f}" height="{bottom - top:.1f}" rx="6" fill-opacity="0.05"/>{lines}'
    )


def arrow(corners: Sequence[Point], kind: str, variant: int = 0) -> str:
    """Draw an arrow along its corners, in the colour and the dashes of its kind."""
    colour, dashes = LINES[kind]
    dashes = VARIANTS[variant % len(VARIANTS)] if variant else dashes
    *_, (x1, y1), (x2, y2) = corners
    length = max(abs(x2 - x1), abs(y2 - y1))
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in [*corners[:-1], (x2 - 7 * dx, y2 - 7 * dy)])
    head = " ".join(f"{x2 - 8 * dx + side * 4.5 * dy:.1f},{y2 - 8 * dy + side * 4.5 * dx:.1f}" for side in (-1, 1))
    dashed = f' stroke-dasharray="{dashes}"' * bool(dashes)
    faint = ' stroke-opacity="0.6"' * (colour == PAGE)
    filled = f'fill="{colour}"' if kind != "gate" else f'fill="none" stroke="{colour}"'
    return (
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{2.4 if len(corners) == 2 else 1.6}"'
        f'{dashed}{faint}/><polygon points="{x2:.1f},{y2:.1f} {head}" {filled}/>'
    )
