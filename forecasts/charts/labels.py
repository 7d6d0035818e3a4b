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
    """The heights moved as little as it takes to stand `gap` apart within [top, bottom], in the same order.

    Labels that would touch become one stack around their mean, and stacks that would touch become one again; it is the
    least-squares answer (pool adjacent violators on the heights less their rank times the gap).
    """
    order = sorted(range(len(heights)), key=heights.__getitem__)
    stacks: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        mean, size = heights[i] - rank * gap, 1
        while stacks and stacks[-1][0] > mean:
            above, many = stacks.pop()
            mean, size = (above * many + mean * size) / (many + size), many + size
        stacks.append((mean, size))
    levels = [mean for mean, size in stacks for _ in range(size)]
    highest = bottom - (len(heights) - 1) * gap
    placed = dict(
        zip(order, (min(max(level, top), highest) + rank * gap for rank, level in enumerate(levels)), strict=True)
    )
    return [placed[i] for i in range(len(heights))]


def lanes(labels: Sequence[tuple[float, str]], width: float) -> list[tuple[int, Anchor]]:
    """A lane, 0 the lowest, and an anchor for each label (x, text) that hangs on a vertical line at x.

    A label reads to the right of its line, or to the left where it would leave the chart. It stands above every label
    it overlaps; those that read the same way are taken in the order in which no line cuts through the words of another.
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
