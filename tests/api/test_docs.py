"""docs/api.md: the routes it lists, and the addresses it shows"""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.http import HttpResponse

from forecasts.api.v1.documents.calibration import CalibrationDocument
from forecasts.api.v1.urls import LISTED
from tests.story import Story

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()


def test_it_lists_every_route_and_no_other() -> None:
    assert re.findall(r"^\| `/api/v1/(.*?)` \|", TEXT, re.MULTILINE) == ["", *(route for route, _ in LISTED)]


def test_every_field_it_explains_exists() -> None:
    table = TEXT[TEXT.index("| field |") : TEXT.index("Few predictions")]
    cells = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(cells))) <= set(CalibrationDocument().fields)


def test_what_it_asks_with_curl_is_answered(ask: Callable[..., HttpResponse], story: Story) -> None:
    story.says(story.opened(), 0.4, forecaster=story.forecaster("fivethirtyeight-classic"))
    reads = TEXT[: TEXT.index("## The routes")]
    shown = re.findall(r"curl -s '?(http[^'\s]+)", reads)
    assert len(shown) == 4
    for address in map(urlsplit, shown):
        assert ask(f"{address.path.removeprefix('/api/v1/')}?{address.query}").status_code == 200
