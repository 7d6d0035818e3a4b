"""Requests made up from the schema, valid ones and broken ones: no answer is a 5xx or other than described.

It takes minutes, so it runs only when asked for: SCHEMATHESIS=1 (docs/operations.md). SCHEMATHESIS_EXAMPLES says how
many requests are made up for each operation.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.api.conftest import key_of
from tests.api.world import article_of
from tests.browser.serving import served
from tests.records import proposes
from tests.story import Story, make_user

EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "50")
# What the schema calls valid may still be refused: a deadline before the opening, a slug that nobody has.
LEFT_OUT = "positive_data_acceptance"
# A body that breaks the schema may be too large to be read at all, which it does not think of by itself.
REFUSALS = '[checks]\nnegative_data_rejection.expected-statuses = ["4xx"]'

pytestmark = pytest.mark.skipif("SCHEMATHESIS" not in os.environ, reason="takes minutes: SCHEMATHESIS=1")


@pytest.fixture
def site(own_database: str, django_db_blocker: DjangoDbBlocker, settings: Any) -> Iterator[tuple[str, str]]:
    """The origin of a site with something in every list, and a key for everything."""
    settings.DISPUTES_PER_HOUR = 1_000_000
    with django_db_blocker.unblock(), served() as origin:
        story = Story.begin()
        story.settled(0.7, "yes", topics=[story.topic("rules")])
        article = article_of(story, "Rules ahead", "The rule is likely.")
        proposes(story.opened(article=article), "yes")
        story.draft()
        story.scores()
        user = make_user("both", "Editors", "Approvers", "Operators")
        yield origin, key_of(story, user, by=user)


def test_it_works(site: tuple[str, str], tmp_path: Path) -> None:
    origin, key = site
    (tmp_path / "schemathesis.toml").write_text(REFUSALS)  # read from the folder that it runs in
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{origin}/api/v1/schema"]
    command += ["--max-examples", EXAMPLES, "--exclude-checks", LEFT_OUT, "--header", f"Authorization: Bearer {key}"]
    command += ["--no-color", "--request-timeout", "60", "--suppress-health-check", "all", "--seed", "1"]
    environment = {**os.environ, "no_proxy": "*"}
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=3600, check=False
    )
    said = "\n".join(line[:400] for line in (ended.stdout + ended.stderr).splitlines())
    assert ended.returncode == 0, said[-20_000:]
