import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import override_settings
from django.utils import translation

from tests.charts import samples
from tests.charts.rendering import TEMPLATES, rendered

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {
    "id": "calibration",
    "title": "Calibration of 60 predictions & more",
    "desc": "Above the diagonal at 10 %, below it at 70 %.",
    "caption": "Where the curve would fall 9 times in 10",
    "figures": ["Brier score 0.187", "miscalibration 0.021"],
    "counts": ["60 predictions", "60 forecasts"],
    "columns": ["Said", "Forecasts", "Happened"],
    "rows": [("10 %", 10, 1), ("70 %", 40, 26)],
}
CHARTS = {
    "reliability": samples.calibration(),
    "timeline": samples.probability_over_time(),
    "pit": samples.spread_of_outcomes(),
    "groups": samples.lay_card(),
    "trend": samples.score_over_time(),
    "gains": samples.what_was_gained(),
    "murphy": samples.every_score(),
    "scatter": samples.many_forecasters(),
}
every_chart = pytest.mark.parametrize("kind", list(CHARTS))


def drawing(kind: str) -> ElementTree.Element:
    return ElementTree.fromstring(rendered(f"{kind}.svg", chart=CHARTS[kind], **WORDS))  # noqa: S314 (our own)


@every_chart
def test_the_drawing_has_a_role_and_is_named_by_its_title_and_description(kind: str) -> None:
    svg = drawing(kind)
    named = {element.get("id"): element.text for element in svg if element.get("id")}
    assert svg.get("role") == "img"
    assert svg.attrib["aria-labelledby"].split() == list(named)
    assert list(named.values()) == [WORDS["title"], WORDS["desc"]]


@every_chart
def test_two_charts_on_a_page_share_no_id(kind: str) -> None:
    one = rendered(f"{kind}.html", chart=CHARTS[kind], **WORDS)
    two = rendered(f"{kind}.html", chart=CHARTS[kind], **{**WORDS, "id": "other"})
    ids = re.findall(r'\bid="([^"]+)"', one + two)
    assert len(ids) == len(set(ids)) >= 8


@every_chart
def test_the_drawing_stays_the_same_where_decimals_are_written_with_a_comma(kind: str) -> None:
    with translation.override("de"), override_settings(USE_THOUSAND_SEPARATOR=True):
        german = rendered(f"{kind}.svg", chart=CHARTS[kind], **WORDS)
    assert german == rendered(f"{kind}.svg", chart=CHARTS[kind], **WORDS)


@every_chart
def test_every_coordinate_is_a_plain_number(kind: str) -> None:
    geometry = ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height")
    values = [element.get(name) for element in drawing(kind).iter() for name in geometry]
    written = [value for value in values if value is not None]
    assert len(written) > 20
    assert all(re.fullmatch(r"-?\d+(\.\d{1,2})?", value) for value in written)


@every_chart
def test_the_figure_is_followed_by_its_numbers_in_a_table_that_a_keyboard_can_scroll(kind: str) -> None:
    page = rendered(f"{kind}.html", chart=CHARTS[kind], **WORDS)
    table = ElementTree.fromstring(page[page.index("<details") : page.index("</details>")] + "</details>")  # noqa: S314
    box = table.find("div")
    assert page.index("</figure>") < page.index("<details")
    assert box is not None
    assert (box.get("role"), box.get("tabindex")) == ("region", "0")
    assert [cell.text for cell in table.iter("th") if cell.get("scope") == "col"] == WORDS["columns"]
    assert [cell.text for cell in table.iter("td")] == ["10", "1", "40", "26"]


def test_the_figures_read_down_from_the_top_and_the_counts_end_at_the_bottom() -> None:
    spans = [span.text for span in drawing("reliability").iter(f"{SVG}tspan")]
    assert spans == ["Brier score 0.187", "miscalibration 0.021", "60 forecasts", "60 predictions"]


def test_a_name_cannot_break_out_of_the_drawing() -> None:
    texts = [text for element in drawing("timeline").iter() if (text := element.text)]
    assert "R & D <desk>" in texts


def test_the_denominators_name_every_part_with_its_count_even_when_it_is_none() -> None:
    page = rendered("denominators.html", chart=samples.what_became_of_them(), title="predictions made")
    bar = ElementTree.fromstring(page)  # noqa: S314 (our own)
    assert ["".join(item.itertext()) for item in bar.iter("li")] == ["1,200 resolved", "9 still open", "0 void"]
    assert "".join(bar[0].itertext()) == "1,209 predictions made"
    assert len(list(bar.iter(f"{SVG}rect"))) == 2


PAGES = [path for path in sorted(TEMPLATES.rglob("*.*")) if path.parent.name != "mail"]  # a mail has no stylesheet


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_template_needs_a_looser_content_security_policy(path: Path) -> None:
    loose = r"\sstyle=|<style|<script(?! src=)|\son\w+=|javascript:|https?://(?!www\.w3\.org/2000/svg)"
    assert not re.search(loose, path.read_text())
