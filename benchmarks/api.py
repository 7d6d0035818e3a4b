"""The API: many forecasts in one request, beside COPY of the same rows, and calibration beside an empty JSON view.

python -m tests.servers -- python -m benchmarks.api
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from http.client import HTTPConnection

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("RECKONER_VAR", tempfile.mkdtemp())
    os.environ["API_REQUESTS_PER_MINUTE"] = os.environ["API_KEY_REQUESTS_PER_MINUTE"] = "1000000000"
    django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from forecasts.actions import make_api_key, refresh_calibration, score_predictions
from forecasts.actions.record_forecasts import COLUMNS, MOST
from forecasts.models import Forecaster, Prediction
from forecasts.queries.scope import CalibrationQuery, of_forecaster

from .database import AT_ONCE, DAY, FORECASTERS, UPDATES, editor_of, import_set, people_of
from .files import undone
from .measure import rate, row

OPEN = 100  # predictions that many forecasts are on
SIZES = (10_000, 100_000)
ASKED = {
    "everybody": "",
    "one forecaster": "&forecaster=bench-0",
    "a forecaster's months": "&forecaster=bench-0&from=2025-01&to=2025-12",
}
RUNS = 101
ADDRESS = "127.0.0.1:8766"
SECONDS_TO_START = 60


def run() -> None:
    call_command("migrate", verbosity=0)
    editor = editor_of("bench")
    people = people_of(editor)
    _bulk(editor)
    _calibration(people)


def _calibration(people: Sequence[str]) -> None:
    """The same questions at each size, over HTTP: of a site that keeps its answers, and of one that builds them all."""
    stored, everybody, one = 0, CalibrationQuery(track="imported"), Forecaster.objects.get(slug="bench-0")
    for size in SIZES:
        ids = import_set(people, range(stored, size // (FORECASTERS * UPDATES)))
        stored = size // (FORECASTERS * UPDATES)
        for start in range(0, len(ids), AT_ONCE):
            score_predictions(prediction_ids=ids[start : start + AT_ONCE])
        for query in (everybody, replace(of_forecaster(one), track="imported")):
            refresh_calibration(key=query.key, at=timezone.now())
        connection.cursor().execute("ANALYZE")
        for when, environment in (("asked again", {}), ("built", {"KEEPS_NOTHING": "1"})):
            with served(environment) as ask:
                for name, more in ASKED.items():
                    row(
                        f"calibration of {name}, {size:,} stored, {when}",
                        lambda more=more: ask(f"/api/v1/calibration?track=imported{more}"),
                        "an empty JSON view",
                        lambda: ask("/empty"),
                        runs=RUNS,
                    )


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[Callable[[str], bytes]]:
    """Yields how to ask the site, as gunicorn serves it, on one connection."""
    command = [sys.executable, "-m", "gunicorn", "--bind", ADDRESS, "--threads", "4", "--log-level", "warning"]
    command += ["--no-control-socket", "benchmarks.served:application"]
    connection.close()
    with subprocess.Popen(command, env={**os.environ, **environment}) as server:
        try:
            yield _asking()
        finally:
            server.terminate()


def _asking() -> Callable[[str], bytes]:
    """After the server has answered once."""

    def ask(address: str) -> bytes:
        wire.request("GET", address)
        answer = wire.getresponse()
        body = answer.read()
        assert answer.status == HTTPStatus.OK, body
        return body

    for _ in range(SECONDS_TO_START * 10):
        wire = HTTPConnection(ADDRESS)
        try:
            ask("/empty")
        except ConnectionError:
            time.sleep(0.1)
        else:
            return ask
    raise RuntimeError("the server does not answer")


def _bulk(editor: User) -> None:
    """Everything is rolled back, so that each run begins where the first did."""
    predictions = [_open(number) for number in range(OPEN)]
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {_key(editor)}"})
    body = json.dumps(
        [
            {
                "prediction": predictions[number % OPEN],
                "forecaster": f"bench-{number % FORECASTERS}",
                "value": number / MOST,
                "external_id": f"bulk-{number}",
            }
            for number in range(MOST)
        ]
    )

    def ours() -> None:
        answer = client.post("/api/v1/forecasts/bulk", body, content_type="application/json")
        assert answer.json()["recorded"] == MOST

    with transaction.atomic():
        ours()
        lines = _stored()
        transaction.set_rollback(True)
    name = f"API: {MOST:,} forecasts in one request"
    copied = undone(lambda: _copied(lines))
    rate(MOST, "forecasts", row(name, undone(ours), "COPY of the same rows", copied))


def _stored() -> bytes:
    """What the request stored, as COPY reads it; under no import, since there will be none."""
    columns = ", ".join("NULL" if name == "import_run_id" else f'"{name}"' for name in COLUMNS)
    query = f"COPY (SELECT {columns} FROM forecasts_forecast WHERE external_id LIKE 'bulk-%') TO STDOUT"  # noqa: S608 -- names only
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        return b"".join(bytes(part) for part in copy)


def _copied(lines: bytes) -> None:
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY forecasts_forecast ({columns}) FROM STDIN") as copy:
        copy.write(lines)


def _open(number: int) -> str:
    now = timezone.now()
    ends = now + 90 * DAY
    slug = f"bench-open-{number}"
    Prediction.objects.create(
        slug=slug, statement=f"The ministry will publish number {number} by then.", criteria="Yes if it is published.",
        resolution_source="The gazette", status="open", opens_at=now, closes_at=ends, resolves_by=ends,
        latest_deadline=ends, logged_at=now, published_at=now,
    )  # fmt: skip
    return slug


def _key(editor: User) -> str:
    now = timezone.now()
    scopes = ("forecast",)
    return make_api_key(user=editor, name="bench", scopes=scopes, expires_at=now + DAY, at=now, by=editor).secret


if __name__ == "__main__":
    run()
