"""docs/embedding.md: the addresses and sizes that it gives are those that the site has."""

import re
from pathlib import Path

from django.urls import resolve

from forecasts.exports.addresses import EMBED_HEIGHTS, EMBED_WIDTH

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "embedding.md").read_text()


def test_every_address_leads_to_a_page() -> None:
    named = set(re.findall(r"(?:`|https://reckoner\.example)(/[\w/.-]+)[`\"]", TEXT)) - {"/embed/"}
    assert len(named) > 15
    for address in named:
        assert resolve(address.replace("SLUG", "a-slug")), address


def test_frames_have_the_sizes_of_the_markup_to_copy() -> None:
    frames = re.findall(r"/embed/(\w+)/SLUG/.*\n\s+width=\"(\d+)\" height=\"(\d+)\"", TEXT)
    assert frames == [(kind, str(EMBED_WIDTH), str(height)) for kind, height in EMBED_HEIGHTS.items()]
