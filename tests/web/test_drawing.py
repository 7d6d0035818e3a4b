"""Shapes and table rows as markup: what a filter writes, whatever the text."""

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from forecasts.charts.shapes import Bar, Dot, Label, Line
from forecasts.templatetags.drawing import cells, drawn

HOSTILE = "</text><script>alert('1')</script>"
ESCAPED = "&lt;/text&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;"


@pytest.mark.parametrize(
    ("shape", "svg"),
    [
        (Line("1", "2", "3", "4"), '<line x1="1" y1="2" x2="3" y2="4"/>'),
        (Dot("1", "2", "3"), '<circle cx="1" cy="2" r="3"/>'),
        (Bar("1", "2", "3", "4"), '<rect x="1" y="2" width="3" height="4"/>'),
        (Label("1", "2", "70 %"), '<text x="1" y="2" text-anchor="middle" dy="0.34em">70 %</text>'),
        (
            Label("1", "2", "over", "end", "under"),
            (
                '<text x="1" y="2" text-anchor="end" dy="0.34em"><tspan class="chart-over">over</tspan>'
                '<tspan class="chart-under" x="1" dy="1.15em">under</tspan></text>'
            ),
        ),
    ],
)
def test_a_shape_is_drawn(shape: Line | Dot | Bar | Label, svg: str) -> None:
    assert drawn(shape) == svg
    assert drawn([shape, shape]) == svg * 2


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn(None) == drawn(()) == ""


def test_hostile_text_stays_text() -> None:
    assert ESCAPED in drawn(Label("1", "2", HOSTILE))
    assert drawn(Label("1", "2", "x", "middle", HOSTILE)).count(ESCAPED) == 1
    assert drawn(Line('1"', "2", "3", "4")).startswith('<line x1="1&quot;"')
    assert cells([HOSTILE, HOSTILE]) == f'<th scope="row">{ESCAPED}</th><td>{ESCAPED}</td>'


def test_a_cell_may_be_markup_a_number_or_a_lazy_word() -> None:
    with override("de"):
        row = cells([mark_safe("<time>then</time>"), 1234, gettext_lazy("None.")])
    assert row == '<th scope="row"><time>then</time></th><td>1234</td><td>None.</td>'
