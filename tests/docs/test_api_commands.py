"""What docs/api.md tells people to run is run as it stands, against a server on loopback."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from forecasts.ledger.verify import verify
from forecasts.models import Forecast, Prediction
from tests.api.conftest import key_of
from tests.browser.serving import served
from tests.story import Story

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
SLUG = "the-port-of-ruritania-will-reopen-by-30-june-2030"


def blocks(language: str, origin: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [block.replace("http://localhost:8000", origin) for block in found]


@pytest.fixture
def site(own_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, str]]:
    """The origin of a site with a track record, and a key."""
    with django_db_blocker.unblock(), served() as origin:
        story = Story.begin()
        classic = story.forecaster("fivethirtyeight-classic")
        story.says(story.opened(), 0.4, forecaster=classic)
        story.settled(0.7, "yes")
        story.scores()
        yield origin, key_of(story, story.editor)


def run(command: list[str], key: str) -> str:
    """What it printed; fails with what it said instead."""
    environment = {"PATH": os.environ["PATH"], "KEY": key, "HOME": "/nonexistent", "no_proxy": "*"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here (Debian: apt install curl)")
def test_the_commands_with_curl(site: tuple[str, str]) -> None:
    origin, key = site
    said = [
        run(["sh", "-ec", block.replace("curl -s", "curl -s --fail-with-body")], key) for block in blocks("sh", origin)
    ]
    assert len(said) == 3
    assert '"recorded":2' in said[-1]
    prediction = Prediction.objects.get(slug=SLUG)
    assert list(Forecast.objects.filter(prediction=prediction).order_by("pk").values_list("tick", flat=True)) == [
        *(7000, 6500, 6000)
    ]
    verify()


def test_the_lines_of_python(site: tuple[str, str]) -> None:
    origin, key = site
    [block] = blocks("python", origin)
    said = run([sys.executable, "-W", "error::FutureWarning", "-c", block], key)
    assert "n_predictions" in said
