"""Shapes and table rows as markup. A page has hundreds of them, and a template for each would be most of its time."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe

from forecasts.charts.shapes import Bar, Dot, Label, Line

register = template.Library()
Shape = Label | Line | Dot | Bar


@register.filter
def drawn(shapes: Shape | Iterable[Shape] | None) -> SafeString:
    """The SVG of one shape, or of several one after another; nothing for None."""
    several = shapes if isinstance(shapes, Iterable) else [shapes] if shapes else []
    return mark_safe("".join(DRAW[type(shape)](shape) for shape in several))  # noqa: S308 -- each part is escaped


@register.filter
def cells(row: Sequence[Any]) -> SafeString:
    """A row of a table, headed by its first cell."""
    first, *rest = (cell if isinstance(cell, SafeString) else escape(str(localize(cell))) for cell in row)
    return mark_safe(f'<th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest))  # noqa: S308 -- escaped


def _label(label: Label) -> str:
    x, y, anchor, text = map(escape, (label.x, label.y, label.anchor, label.text))
    if label.under:
        under = escape(label.under)
        text = f'<tspan class="chart-over">{text}</tspan><tspan class="chart-under" x="{x}" dy="1.15em">{under}</tspan>'
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" dy="0.34em">{text}</text>'


def _line(line: Line) -> str:
    x1, y1, x2, y2 = map(escape, (line.x1, line.y1, line.x2, line.y2))
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _dot(dot: Dot) -> str:
    x, y, r = map(escape, (dot.x, dot.y, dot.r))
    return f'<circle cx="{x}" cy="{y}" r="{r}"/>'


def _bar(bar: Bar) -> str:
    x, y, width, height = map(escape, (bar.x, bar.y, bar.width, bar.height))
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}"/>'


DRAW: dict[type, Callable[[Any], str]] = {Label: _label, Line: _line, Dot: _dot, Bar: _bar}
