"""docs/webhooks.md: its lists, its example and its code are those of the program."""

import datetime as dt
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from forecasts.evidence.signing import new_secret, signed_headers
from forecasts.exports.events import TEST, event_body
from forecasts.models import ANNOUNCED, LedgerEntry
from tests.story import DEADLINE, Story

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
BODY = b'{"type":"webhook.test"}'


def block(language: str) -> str:
    [found] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def verify(secret: str, headers: dict[str, str], body: bytes) -> None:
    """The page's own code."""
    named: dict[str, Any] = {}
    exec(block("python"), named)  # noqa: S102 -- what readers are told to run
    named["verify"](secret, headers, body)


def test_it_works() -> None:
    secret, old = new_secret(), new_secret()
    for given in ([secret], [new_secret(), secret]):
        headers = dict(signed_headers(given, "evt_1", dt.datetime.now(dt.UTC), BODY))
        verify(secret, headers, BODY)
        with pytest.raises(ValueError, match="not signed by us"):
            verify(old, headers, BODY)
        with pytest.raises(ValueError, match="not signed by us"):
            verify(secret, headers, BODY + b" ")


def test_an_old_call_is_refused() -> None:
    secret = new_secret()
    headers = dict(signed_headers([secret], "evt_1", dt.datetime.fromtimestamp(time.time() - 400, dt.UTC), BODY))
    with pytest.raises(ValueError, match="too old"):
        verify(secret, headers, BODY)


def test_every_event_is_listed_and_every_listed_one_exists() -> None:
    assert re.findall(r"^\| `([a-z.]+)` \|", PAGE, re.MULTILINE) == [*ANNOUNCED, TEST]


def test_the_example_has_the_fields_of_the_real_one(story: Story) -> None:
    story.resolves(story.opened(), "yes", known_at=DEADLINE)
    entry = LedgerEntry.objects.get(kind="prediction.resolved")
    real, example = json.loads(event_body(entry) or b""), json.loads(block("json"))
    assert (list(real), list(real["data"])) == (list(example), list(example["data"]))
