"""A typed client generated from the OpenAPI document: it compiles, its types hold, and a program that uses it works"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from forecasts.api.v1.views.index import openapi
from tests.api.conftest import key_of
from tests.browser.serving import served
from tests.story import DAY, Story

USE = Path(__file__).with_name("client_use.py")
PLAIN = {"post_hooks": []}  # nothing is done to what was generated
ALLOWED = "--no-warn-redundant-casts"  # it makes some, where a value may be any JSON


def run(folder: Path, *command: str) -> None:
    """A module of Python in `folder`."""
    environment = {**os.environ, "MYPYPATH": str(folder), "no_proxy": "*"}
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """The folder that it is in."""
    document = json.loads(json.dumps(openapi()))
    del document["paths"]["/api/v1/forecasts/bulk"]["post"]["requestBody"]["content"][
        "application/x-ndjson"
    ]  # unknown to it
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "plain.json").write_text(json.dumps(PLAIN))
    made = ["--path", "openapi.json", "--config", "plain.json", "--meta", "none", "--output-path", "reckoner_client"]
    run(tmp_path, "-m", "openapi_python_client", "generate", *made, "--fail-on-warning")
    return tmp_path


def test_it_works(client: Path, own_database: str, django_db_blocker: DjangoDbBlocker) -> None:
    shutil.copy(USE, client)
    run(client, "-m", "compileall", "-q", "reckoner_client")
    run(client, "-m", "mypy", "--config-file=", "--strict", ALLOWED, "reckoner_client", USE.name)
    with django_db_blocker.unblock(), served() as origin:
        story = Story.begin()
        story.settled(0.7, "yes")
        story.opened(resolves_by=timezone.now() + 99 * DAY)
        story.scores()
        run(client, USE.name, origin, key_of(story, story.editor))
