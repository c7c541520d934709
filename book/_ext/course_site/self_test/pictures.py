"""The small pictures of the self-test, drawn as SVG: grids of grey values, and curves."""

from html import escape

CELL = 18
WIDTH, HEIGHT = 150, 84


def grid(rows: list[str], lowest: float, highest: float) -> str:
    """Return a grid of grey squares, its numbers in words for those who cannot see it."""
    numbers = [[float(number) for number in row.split()] for row in rows]
    words = f"{len(numbers)} rows of {len(numbers[0])}: " + "; ".join(rows).replace("-", "−")
    squares = []
    for top, row in enumerate(numbers):
        for left, number in enumerate(row):
            grey = round(255 * min(max((number - lowest) / (highest - lowest), 0), 1))
            place = f'x="{left * CELL}" y="{top * CELL}" width="{CELL}" height="{CELL}"'
            squares.append(f'<rect {place} fill="rgb({grey} {grey} {grey})"/>')
    return picture("".join(squares), len(numbers[0]) * CELL, len(numbers) * CELL, words, "quiz-grid")


def curve(heights: list[float], lowest: float, highest: float, dashed: float | None, words: str) -> str:
    """Return a line through the heights, in a frame."""

    def down(height: float) -> float:
        return HEIGHT * (highest - min(max(height, lowest), highest)) / (highest - lowest)

    step = WIDTH / (len(heights) - 1)
    points = " ".join(f"{place * step:.1f},{down(height):.1f}" for place, height in enumerate(heights))
    level = 0 if dashed is None and lowest < 0 else dashed
    across = "" if level is None else f'<path class="level" d="M0 {down(level):.1f}H{WIDTH}"/>'
    return picture(f'{across}<polyline points="{points}"/>', WIDTH, HEIGHT, words, "quiz-curve")


def picture(inner: str, width: int, height: int, words: str, kind: str) -> str:
    """Return a drawing with a name."""
    size = f'viewBox="-1 -1 {width + 2} {height + 2}" width="{width}" height="{height}"'
    return f'<svg class="{kind}" role="img" aria-label="{escape(words)}" {size}>{inner}</svg>'
