"""Shapes, table rows and lines of lists as markup. A page has hundreds of them, and a template for each would be most
of its time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from forecasts.charts.shapes import Bar, Dot, Label, Line
from forecasts.models import PredictionKind
from forecasts.queries.rows import PredictionRow

from .reckoner import clipped, day

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
    first, *rest = map(_cell, row)
    return mark_safe(f'<th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest))  # noqa: S308 -- escaped


def _cell(value: Any) -> str:
    if isinstance(value, SafeString):
        return value
    return escape(value if isinstance(value, str) else str(localize(value)))


@register.simple_tag(takes_context=True)
def lines(context: template.Context, rows: Iterable[PredictionRow]) -> SafeString:
    """The items of a list of predictions; each names its forecaster, unless the page is about one of them."""
    is_named = not context.get("hide_forecaster")
    return mark_safe("".join(_item(row, is_named=is_named) for row in rows))  # noqa: S308 -- each part is escaped


def _item(row: PredictionRow, *, is_named: bool) -> str:
    look = "" if row.kind == PredictionKind.BINARY else " value-words"
    name = f'<small dir="auto">{escape(clipped(row.forecaster, 24))}</small>' if row.forecaster and is_named else ""
    state, words = escape(row.state), escape(clipped(row.state_words, 60))
    milestones = " ".join(f"<span>{each}</span>" for each in _milestones(row))
    return (
        f'<li><a href="{escape(row.url)}" dir="auto">{escape(clipped(row.statement, 240))}</a>'
        f'<span class="value{look}"><bdi>{escape(row.said) or "–"}</bdi>{name}</span>'
        f'<p class="meta"><span class="status status-{state}">{words}</span> {milestones}</p></li>\n'
    )


def _milestones(row: PredictionRow) -> Iterator[str]:
    """What a line says of its days, as markup."""
    if row.known_at:
        yield _("known %(day)s") % {"day": day(row.known_at)}
    elif row.resolves_by:
        yield _("by %(day)s") % {"day": day(row.resolves_by)}
    if row.counts_from:
        yield _("resolved early, counts from %(day)s") % {"day": day(row.counts_from)}
    if row.corrected:
        yield _("corrected")


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
