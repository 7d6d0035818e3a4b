"""Where decimals have commas: in words, tables and labels they have them; in drawings, data and addresses never."""

import json
import re
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import translation

from tests.story import Story
from tests.web.furnished import furnish, pages
from tests.web.reading import drawn
from tests.web.test_translatable import ours

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
# Names with a point in them: of a publication, of a standard, and moments as the ledger spells them.
NAMED = re.compile(r"doi \S+|OpenAPI 3\.1|\d{4}-\d\d-\d\dT\S+")
SWAPPED = str.maketrans(".,", ",.")
KEPT = re.compile(r'(?:href|src|datetime|value|id|name|viewBox|width|height)="([^"]*)"')
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
MACHINES = (
    "/api/v1/predictions?format=csv",
    "/api/v1/scores?format=csv",
    "/api/v1/calibration?track=imported",
    "/api/v1/leaderboard?track=imported",
    "/api/v1/forecasters/sharp",
    "/api/v1/predictions?state=sleepy",
    "/api/v1/forecasters/nobody",
    "/forecasters/sharp/?table=calibration",
)


def figures(address: str, html: str) -> list[str]:
    """Every number that readers see or hear on a page, in order."""
    return [figure for _, text in ours(address, html) for figure in FIGURE.findall(NAMED.sub("", text))]


def data(html: str) -> list[dict[str, Any]]:
    """What a page says to programs, but for the sentence in it."""
    return [{**json.loads(text), "description": ""} for text in DATA.findall(html)]


def answers(client: Client) -> list[bytes]:
    return [b"".join(client.get(path)) for path in MACHINES]


def machine_lines(client: Client) -> list[str]:
    """Of feeds and calendars, what no reader sees."""
    addresses = ("/feeds/resolutions.atom", "/feeds/predictions.atom", "/feeds/deadlines.ics")
    texts = [client.get(address).content.decode() for address in addresses]
    return re.findall(
        r"<(?:id|updated|published|link)\b[^<]*|^(?:UID|DT\w+|SEQUENCE|URL)[:;].*$", "\n".join(texts), re.M
    )


def test_every_figure_is_spelt_as_the_language_does_and_nothing_else_moves(
    client: Client, story: Story, settings: Any
) -> None:
    settings.USE_THOUSAND_SEPARATOR = True  # the most that can go wrong
    rich = furnish(story, settings)
    english, machines, lines = pages(client, rich), answers(client), machine_lines(client)
    with override_settings(LANGUAGE_CODE="de"), translation.override("de"):
        german = pages(client, rich)
        assert answers(client) == machines
        assert machine_lines(client) == lines != []
    assert list(german) == list(english)
    for address, html in german.items():
        assert figures(address, html) == [figure.translate(SWAPPED) for figure in figures(address, english[address])], (
            address
        )
        assert drawn(html) == drawn(english[address]), address
        assert KEPT.findall(html) == KEPT.findall(english[address]), address
        assert data(html) == data(english[address]), address
    assert "0,250" in german["/method/"]
    assert any("1. Juli 2026" in html for html in german.values())
    assert any("12,5\N{NO-BREAK SPACE}%" in html for html in german.values())
