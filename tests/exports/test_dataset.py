"""The dataset: what is public and nothing else, the same bytes for the same rows, and whole or not at all."""

import copy
import csv
import datetime as dt
import gzip
import hashlib
import io
import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from forecasts.actions import action, score_predictions
from forecasts.exports import dataset as exports
from forecasts.exports.datapackage import Field, Licence
from forecasts.exports.dataset import write_dataset, write_package
from forecasts.exports.dataset_tables import TABLES
from forecasts.ledger.canonical import instant
from forecasts.models import Forecast, Prediction, Score
from forecasts.queries import stream
from tests.story import DAY, DEADLINE, START, Story

AT = dt.datetime(2026, 7, 1, 2, tzinfo=dt.UTC)
HOSTILE = '=cmd|"/C calc"!A0, "quoted"\r\n\tand\u2028more 😀 by 30 June 2026.'


def rows_of(folder: Path, table: str) -> list[dict[str, Any]]:
    text = gzip.decompress((folder / f"{table}.ndjson.gz").read_bytes()).decode()
    return [json.loads(line) for line in text.split("\n")[:-1]]


def cells_of(folder: Path, table: str) -> list[dict[str, str]]:
    text = gzip.decompress((folder / f"{table}.csv.gz").read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def written(story: Story, tmp_path: Path) -> Path:
    """A settled prediction, one of options, one of a number, a withdrawal, a correction, and a draft."""
    topic = story.topic("policy")
    story.settled(0.7, "yes", topics=[topic])
    choice = story.choice("Anthropic", "OpenAI", statement=HOSTILE)
    story.says(choice, {"Anthropic": 0.4, "OpenAI": 0.6}, rationale="secret words")
    number = story.number("0", "200")
    story.says(number, [["100", 0.5], ["150", 0.9]])
    story.withdraws(number, at=START + DAY)
    story.resolves(number, "120", known_at=DEADLINE)
    number.refresh_from_db()
    story.corrects(number, "ambiguous_criteria", known_at=DEADLINE, at=DEADLINE + DAY)
    story.draft(statement="Zubrowka will publish a rule by 30 June 2026.", topics=[topic])
    score_predictions(prediction_ids=list(Prediction.objects.values_list("pk", flat=True)))
    return write_dataset(tmp_path, at=AT)


def test_it_works(written: Path) -> None:
    assert written.name == "2026-07-01T020000Z"
    names = {f"{table.name}.{form}.gz" for table in TABLES for form in ("csv", "ndjson")}
    assert {path.name for path in written.iterdir()} == {*names, "datapackage.json"}
    package = json.loads((written / "datapackage.json").read_text())
    assert {resource["path"] for resource in package["resources"]} == names
    assert len({resource["name"] for resource in package["resources"]}) == len(names)
    for resource in package["resources"]:
        data = (written / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert (resource["bytes"], resource["compression"]) == (len(data), "gz")
        table = resource["path"].partition(".")[0]
        rows = cells_of(written, table) if resource["format"] == "csv" else rows_of(written, table)
        assert resource["rows"] == len(rows) > 0
        assert {tuple(row) for row in rows} == {tuple(field["name"] for field in resource["schema"]["fields"])}


def test_both_forms_say_the_same_and_the_types_hold(written: Path) -> None:
    for table in TABLES:
        for row, cells in zip(rows_of(written, table.name), cells_of(written, table.name), strict=True):
            for field in table.fields:
                value, cell = row[field.name], cells[field.name]
                assert read_back(field, cell) == value or (value is None and cell == ""), (table.name, field.name)


def read_back(field: Field, cell: str) -> Any:
    if field.type in ("integer", "number", "boolean") and cell:
        return json.loads(cell)
    if field.type == "datetime" and cell:
        assert dt.datetime.fromisoformat(cell).tzinfo is dt.UTC
    return cell[1:] if cell.startswith("'=") else cell


def test_what_is_in_it(written: Path) -> None:
    settled, choice, number = rows_of(written, "predictions")
    assert [row["status"] for row in (settled, choice, number)] == ["resolved", "open", "void"]
    assert json.loads(choice["options"]) == ["Anthropic", "OpenAI"]
    assert (number["range_min"], number["range_max"]) == (0.0, 200.0)
    said = rows_of(written, "forecasts")
    assert [(row["probability"], row["withdrawn"]) for row in said] == [
        (0.7, False), (None, False), (None, False), (None, True),
    ]  # fmt: skip
    assert [row["values"] for row in said[1:3]] == [
        "[4000, 6000]",
        '[["100", 5000], ["150", 9000]]',
    ]
    assert [row["id"] for row in said] == sorted(Forecast.objects.values_list("pk", flat=True))
    outcomes = rows_of(written, "resolutions")
    assert [(row["outcome"], row["void_reason"]) for row in outcomes] == [
        ("yes", ""), ("120", ""), ("", "ambiguous_criteria"),
    ]  # fmt: skip
    assert outcomes[2]["supersedes"] == outcomes[1]["id"]
    assert rows_of(written, "topics") == [{"prediction": settled["slug"], "topic": "policy", "name": "Policy"}]
    score = next(row for row in rows_of(written, "scores") if row["forecaster"] == "policy-desk")
    assert score["prediction"] == settled["slug"]
    assert score["brier"] == pytest.approx((1 - 0.7) ** 2)
    assert len(rows_of(written, "scores")) == Score.objects.count()


def test_times_are_spelled_as_the_ledger_spells_them(written: Path) -> None:
    stored = Forecast.objects.order_by("pk").values_list("issued_at", "recorded_at", "stands_from")
    said = rows_of(written, "forecasts")
    assert [tuple(row[name] for name in ("issued_at", "recorded_at", "stands_from")) for row in said] == [
        tuple(map(instant, row)) for row in stored
    ]


def test_a_draft_and_what_hangs_on_it_stay_here(written: Path) -> None:
    text = "".join(gzip.decompress(path.read_bytes()).decode() for path in written.glob("*.gz"))
    assert "zubrowka" not in text.lower()
    assert "secret words" not in text


def test_no_cell_runs_in_a_spreadsheet(written: Path) -> None:
    [statement] = [row["statement"] for row in cells_of(written, "predictions") if "cmd" in row["statement"]]
    assert statement == f"'{HOSTILE}"
    assert HOSTILE in [row["statement"] for row in rows_of(written, "predictions")]


def test_the_same_rows_are_the_same_bytes(written: Path, tmp_path: Path) -> None:
    again = write_dataset(tmp_path / "again", at=AT)
    for path in written.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_the_package_is_the_same_in_plain_csv(written: Path, tmp_path: Path) -> None:
    write_package(tmp_path / "plain", at=AT)
    package = json.loads((tmp_path / "plain" / "datapackage.json").read_text())
    names = {f"{table.name}.csv" for table in TABLES}
    assert {path.name for path in (tmp_path / "plain").iterdir()} == {*names, "datapackage.json"}
    assert {resource["path"] for resource in package["resources"]} == names
    for resource in package["resources"]:
        data = (tmp_path / "plain" / resource["path"]).read_bytes()
        assert data == gzip.decompress((written / f"{resource['path']}.gz").read_bytes())
        assert (resource["bytes"], resource["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        assert "compression" not in resource


def test_the_owner_names_the_licence(story: Story, tmp_path: Path) -> None:
    done = write_dataset(tmp_path, at=AT, licences=[Licence("CC-BY-4.0", "https://licence.test/")])
    assert json.loads((done / "datapackage.json").read_text())["licenses"] == [
        {"name": "CC-BY-4.0", "path": "https://licence.test/"}
    ]


def test_one_that_breaks_off_leaves_nothing(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story.settled(0.7, "yes")

    def full(*given: Any) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "joined", full)
    with pytest.raises(OSError, match="No space left"):
        write_dataset(tmp_path, at=AT)
    assert list(tmp_path.iterdir()) == []


def test_the_number_of_queries_does_not_grow(story: Story, tmp_path: Path, queries: CaptureQueriesContext) -> None:
    """What PostgreSQL streams is not among the queries that are counted; how many rows there are is."""
    story.settled(0.7, "yes")

    def asked(name: str) -> int:
        before = len(queries)
        write_dataset(tmp_path / name, at=AT)
        return len(queries) - before

    few = asked("1")
    for _ in range(5):
        story.says(story.opened(), 0.6)
    assert asked("2") == few <= 2 * len(TABLES)


def copy_of(row: Forecast) -> Forecast:
    same = copy.copy(row)
    same.pk = None
    return same


def test_memory_does_not_grow_with_the_rows(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prediction = story.opened()

    said = story.says(prediction, 0.5)

    @action
    def say_again(*, times: int) -> None:
        Forecast.objects.bulk_create(copy_of(said) for _ in range(times))

    def peak(rows: int) -> int:
        say_again(times=rows - Forecast.objects.count())
        tracemalloc.start()
        write_dataset(tmp_path / str(rows), at=AT)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    monkeypatch.setattr(stream, "AT_ONCE", 20)
    peak(10)  # imports and caches
    small = peak(100)
    assert peak(600) < 1.3 * small


def test_everything_is_as_of_one_moment(own_database: str, tmp_path: Path) -> None:
    """What is written while the export runs is in none of its tables, and nobody waits for it."""
    story = Story.begin()
    story.says(story.opened(), 0.6)

    def elsewhere() -> None:
        story.says(story.opened(), 0.9)
        connections.close_all()

    def meanwhile(rows: Any, what: str, total: int) -> Any:
        if what == "predictions":
            with ThreadPoolExecutor(1) as pool:
                pool.submit(elsewhere).result()
        return rows

    done = write_dataset(tmp_path, at=AT, progress=meanwhile)
    assert (len(rows_of(done, "predictions")), len(rows_of(done, "forecasts"))) == (1, 1)
    assert Forecast.objects.count() == 2
    assert not connection.in_atomic_block
