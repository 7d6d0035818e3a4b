"""What the templates use, the stylesheet knows; and the filters that write numbers and times."""

import datetime as dt
import re

import pytest
from django.template import Context, Template

from tests.charts.rendering import STYLESHEET, TEMPLATES

CSS = STYLESHEET.read_text()
PUT_TOGETHER = {"status-open", "status-closed", "status-overdue", "status-yes", "status-no", "status-void"}


def written(expression: str, value: object) -> str:
    return Template(f"{{% load reckoner %}}{{{{ value|{expression} }}}}").render(Context({"value": value}))


def test_every_class_of_the_pages_is_styled() -> None:
    pages = [*TEMPLATES.glob("*.html"), *TEMPLATES.glob("forecasts/*.html")]
    markup = "".join(path.read_text() for path in pages)
    used = {name for names in re.findall(r'class="([^"{]+)"', markup) for name in names.split()} | PUT_TOGETHER
    assert len(used) > 30
    assert {name for name in used if not re.search(rf"\.{name}\b", CSS)} - {"status"} == set()


def test_a_time_is_absolute_and_in_utc() -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    at = dt.datetime(2026, 3, 1, 2, 15, 30, tzinfo=zone)
    machine = 'datetime="2026-02-28T20:45:30Z"'
    assert written("moment", at) == f"<time {machine}>28 February 2026, 20:45 UTC</time>"
    assert written("day", at) == f"<time {machine}>28 February 2026</time>"


@pytest.mark.parametrize("expression", ["moment", "day"])
def test_no_time_is_no_word(expression: str) -> None:
    assert written(expression, None) == ""


def test_where_nothing_stands_there_is_a_dash() -> None:
    assert [written("percent", tick) for tick in (None, 0, 1250)] == [
        "–",
        "0\N{NO-BREAK SPACE}%",
        "12.5\N{NO-BREAK SPACE}%",
    ]


def test_a_digest_is_cut_to_twelve() -> None:
    assert written("short", "0123456789abcdef") == "0123456789ab"


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ("https://a.test/", "https://a.test/"),
        ("HTTP://a.test/", "HTTP://a.test/"),
        ("javascript:alert(1)", ""),
        ("//a.test/", ""),
        ("", ""),
    ],
)
def test_only_the_web_is_linked(given: str, link: str) -> None:
    assert written("web_url", given) == link
