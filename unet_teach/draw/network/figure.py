"""A network, drawn from a live pass: every box is a tensor that was really there, every arrow an operation.

In the manner of Figure 1 of Ronneberger et al. 2015. The wider a box the more channels (their number stands above
it), the taller the more pixels (their number stands below); an empty box holds channels copied from elsewhere.
"""

from collections.abc import Sequence
from html import escape

from torch import Tensor, nn

from unet_teach.draw.network import svg
from unet_teach.draw.network.columns import Box, place
from unet_teach.draw.network.graph import turns
from unet_teach.draw.network.legend import legend
from unet_teach.draw.network.routes import Arrow, route
from unet_teach.draw.network.trace import trace
from unet_teach.draw.network.words import describe, entries, level_name, parameters, title, ways
from unet_teach.draw.numbers import Drawing


def draw_unet(network: nn.Module, image: Tensor) -> Drawing:
    """Draw a network of the U-Net family, or any other from image to map, as it processes an image.

    Parameters
    ----------
    network : takes the image, and gives one or several maps of it
    image : (1, C, H, W) or (1, C, D, H, W), of a size that the network takes

    Returns
    -------
    A drawing with a title and a description in words; where it is wider than the page, it scrolls in its own box.

    Raises
    ------
    ValueError
        If what comes out is no map, or was not made from the image.

    Introduced in chapter 8, section "The paper's network, exactly".
    """
    maps = trace(network, image)
    boxes = place(maps)
    arrows = route(boxes)
    name, kinds = type(network).__name__, entries(maps)
    parts = _bands(boxes, arrows)
    way = ["bottom" if turns(maps, each.level) else found for each, found in zip(maps, ways(maps), strict=True)]
    drawn = [(way[number], svg.box(box)) for number, box in enumerate(boxes)]
    drawn += [
        (_way(arrow, way), _arrow(arrow, boxes, kinds[arrow.step.kind, arrow.step.words].variant)) for arrow in arrows
    ]
    parts += [f'<g data-part="{part}">{mark}</g>' for part, mark in drawn]
    key, right, bottom = legend(boxes, arrows, [name, parameters(network)], kinds)
    return Drawing(
        f'<div role="group" aria-label="A drawing that may scroll sideways: {name}" tabindex="0" '
        'style="overflow-x:auto">'
        f'<svg role="img" viewBox="0 0 {right:.0f} {bottom:.0f}" '
        f'style="display:block;width:100%;min-width:{0.88 * right:.0f}px;max-width:{right:.0f}px;height:auto" '
        'fill="currentColor" text-anchor="middle" font-family="sans-serif" font-size="11.5" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title(network, maps))}</title>'
        f"<desc>{escape(describe(maps))}</desc>{''.join(parts + key)}</svg></div>"
    )


def _arrow(arrow: Arrow, boxes: Sequence[Box], variant: int) -> str:
    """Draw an arrow; if it leads from a map that was cropped, mark there how much of it is left."""
    source, target = boxes[arrow.source], boxes[arrow.target]
    cropped = arrow.step.words.endswith("(cropped to fit)")
    mark = svg.crop(source, target.height / source.height) if cropped else ""
    return svg.arrow(arrow.corners, arrow.step.kind, variant) + mark


def _way(arrow: Arrow, way: Sequence[str]) -> str:
    """Say to which part of the U an arrow belongs: the way down, the bottom, the way up, or what goes across."""
    if arrow.step.kind in ("copy", "gate"):
        return "across"
    leaves = way[arrow.source] == "down" and way[arrow.target] == "bottom"
    return "down" if leaves else way[arrow.target]


def _bands(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> list[str]:
    """Draw a band behind each level, as far as its last box."""
    maps, marks = [box.map for box in boxes], []
    for level in sorted({each.level for each in maps}):
        row = [box for box in boxes if box.map.level == level]
        over = [y for a in arrows for _, y in a.corners if {maps[a.source].level, maps[a.target].level} == {level}]
        top, bottom = min([box.top for box in row] + over) - 2, max(box.bottom for box in row) + 2
        right = max(box.end for box in row) + 10
        marks.append(svg.band(right, top, bottom, level_name(maps, level), row[0].y))
    return marks
