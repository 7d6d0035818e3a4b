"""Placing labels clear of each other."""

from collections.abc import Sequence

from forecasts.charts.shapes import Anchor

LETTER = 8.8  # units per letter at the largest size of text, that on a phone
LINE = 19
MARGIN = 6


def shortened(text: str, most: int) -> str:
    """At most `most` letters, the last of them an ellipsis when some were cut.

    >>> shortened("The Reckoner desk", 12)
    'The Reckone…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def spread(heights: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """The heights moved as little as it takes to stand `gap` apart within [top, bottom], in the same order."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = list(heights)
    floor = top
    for i in order:
        placed[i] = max(placed[i], floor)
        floor = placed[i] + gap
    ceiling = bottom
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - gap
    return placed


def lanes(labels: Sequence[tuple[float, str]], width: float) -> list[tuple[int, Anchor]]:
    """A lane, 0 the lowest, and an anchor for each label (x, text) that hangs on a vertical line at x.

    A label reads to the right of its line, or to the left where it would leave the chart. It stands above every label
    it overlaps, and labels are taken from the outside in, so that no line cuts through the words of a lower one.
    """
    boxes = [_box(x, text, width) for x, text in labels]
    rightward = [i for i, (_, _, anchor) in enumerate(boxes) if anchor == "start"]
    leftward = [i for i, (_, _, anchor) in enumerate(boxes) if anchor == "end"]
    order = sorted(rightward, key=lambda i: -boxes[i][0]) + sorted(leftward, key=lambda i: boxes[i][1])
    taken: dict[int, int] = {}
    for i in order:
        low, high, _ = boxes[i]
        below = [lane for j, lane in taken.items() if boxes[j][0] < high and low < boxes[j][1]]
        taken[i] = 1 + max(below, default=-1)
    return [(taken[i], boxes[i][2]) for i in range(len(boxes))]


def _box(x: float, text: str, width: float) -> tuple[float, float, Anchor]:
    long = len(text) * LETTER + 2 * MARGIN
    return (x, x + long, "start") if x + long <= width else (x - long, x, "end")
