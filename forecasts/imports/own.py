"""Our own format, as CSV or as one JSON object a line. docs/files.md says what the columns mean.

A record is about one forecast. One that says a statement also describes its prediction, one that names the forecaster's
name also the forecaster; others name what is here already or what the file described before.
"""

import csv
import datetime as dt
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from forecasts.actions import Import, ImportedForecast, ImportedForecaster, ImportedPrediction, RefusedRow
from forecasts.actions.values import place_of
from forecasts.errors import Refused
from forecasts.language.cells import as_written
from forecasts.language.deadlines import END_OF_DAY
from forecasts.models import Basis, ForecasterKind, Precision, PredictionKind
from forecasts.queries.own_rows import ABOUT_FORECASTER, ABOUT_PREDICTION, COLUMNS, WITHDRAWN

from .own_block import Row, part
from .reading import NO_TEXT, check_document

NAME = "reckoner"
TITLE = "Reckoner (CSV or one JSON object a line)"
ENDS = (".csv", ".ndjson", ".jsonl")
LONGEST_CELL = 10_000_000
DESCRIBING = {"statement", "forecaster_name"}  # a table without these columns only adds forecasts
TOO_MANY = "\0"  # no column is called so

Record = Mapping[str, Any]


def parse(files: Mapping[str, bytes]) -> Import:
    """A file of ours. Raises Refused when it is none; what is wrong with one record is told beside the others."""
    if len(files) != 1:
        raise Refused("file", ", ".join(files), "give one file")
    ((name, data),) = files.items()
    text, reader = _text(data, name), _Reader(name, hashlib.sha256(data).hexdigest())
    if text.lstrip().startswith("{"):
        return reader.read(_of_lines(text))
    header, rows = _table(text, name)
    if DESCRIBING & {*header}:
        return reader.read(_of_table(header, rows))
    block, others = part(header, rows)
    return replace(reader.read(_of_table(header, others)), block=block)


def _text(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("file", name, f"give text in UTF-8; byte {error.start} is none") from None
    if "\0" in text:
        raise Refused("file", name, NO_TEXT)
    return text


def _table(text: str, name: str) -> tuple[list[str], Iterator[Row]]:
    """The names of the columns, and the rows."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = _rows(reader, name)
    header = next(rows, (1, []))[1]
    if "prediction" not in header:
        raise Refused("header", ", ".join(header), f"name columns of {', '.join(COLUMNS)}")
    return header, rows


def _rows(reader: Any, name: str) -> Iterator[Row]:
    """Numbered as a spreadsheet does; the header is the first."""
    try:
        yield from ((number, cells) for number, cells in enumerate(reader, 1) if cells)
    except csv.Error as error:
        raise Refused("file", name, f"give CSV; line {reader.line_num}: {error}") from None


def _of_table(header: list[str], rows: Iterable[Row]) -> Iterator[tuple[int, Record]]:
    for number, cells in rows:
        record: dict[str, Any] = dict(zip(header, map(as_written, cells), strict=False))
        yield number, record if len(cells) <= len(header) else {**record, TOO_MANY: len(cells)}


def _of_lines(text: str) -> Iterator[tuple[int, Record]]:
    for row, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield row, _loaded("line", line)


def _loaded(field: str, text: str) -> Any:
    def refuse(constant: str) -> object:
        raise Refused(field, constant, "give a number")

    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise Refused(field, text, "give JSON") from None
    check_document(field, found)
    return found


class _Reader:
    def __init__(self, name: str, sha256: str) -> None:
        self.source, self.sha256 = name, sha256
        self.described: dict[str, tuple[Record, ImportedPrediction]] = {}
        self.people: dict[str, ImportedForecaster] = {}
        self.forecasts: dict[str, list[ImportedForecast]] = defaultdict(list)
        self.refused: list[RefusedRow] = []

    def read(self, records: Iterable[tuple[int, Record]]) -> Import:
        for row, record in records:
            try:
                self._take(row, record)
            except Refused as refused:
                problem = refused.problems[0]
                self.refused.append(RefusedRow(row, problem.field, str(problem.value), problem.accepted))
        return Import(
            format=NAME,
            source=self.source,
            credit="",
            sha256=self.sha256,
            forecasters=tuple(self.people.values()),
            predictions=tuple(self._whole(key, new) for key, (_, new) in self.described.items()),
            refused=tuple(self.refused),
            added={key: tuple(rows) for key, rows in self.forecasts.items()},
        )

    def _whole(self, key: str, new: ImportedPrediction) -> ImportedPrediction:
        return replace(new, forecasts=tuple(self.forecasts.pop(key, ())))

    def _take(self, row: int, record: Record) -> None:
        if not isinstance(record, dict):
            raise Refused("line", record, "give an object with a name for each value")
        if TOO_MANY in record:
            raise Refused("row", f"{record[TOO_MANY]} cells", "give at most as many as the header has")
        key = _named(record, "prediction", "name the prediction by its key")
        if record.get("statement"):
            self._describe(row, key, {name: record[name] for name in ABOUT_PREDICTION if record.get(name)})
        elif not record.get("forecaster"):
            raise Refused("forecaster", "", "describe a prediction, or name who forecasts")
        if record.get("forecaster"):
            slug = _text_of(record, "forecaster")
            if record.get("forecaster_name"):
                self.people.setdefault(slug, _forecaster(slug, record))
            self.forecasts[key].append(_forecast(row, key, slug, record))

    def _describe(self, row: int, key: str, about: Record) -> None:
        """Once, or again in the same words."""
        if key not in self.described:
            self.described[key] = about, _prediction(row, key, about)
        elif about != self.described[key][0]:
            first = self.described[key][1].row
            raise Refused("statement", about["statement"], f"describe it once; row {first} says otherwise")


def _prediction(row: int, key: str, about: Record) -> ImportedPrediction:
    kind = _choice(about, "kind", PredictionKind, PredictionKind.BINARY)
    resolves_by = _moment(about, "resolves_by")
    if resolves_by is None:
        raise Refused("resolves_by", "", "give the deadline")
    precision = Precision.DAY if _is_day(about["resolves_by"]) else Precision.INSTANT
    options = _list(about, "options")
    outcome = _text_of(about, "outcome")
    return ImportedPrediction(
        row=row,
        external_id=key,
        kind=kind,
        closes_at=_moment(about, "closes_at") or resolves_by,
        resolves_by=resolves_by,
        resolves_by_precision=_choice(about, "resolves_by_precision", Precision, precision),
        opens_at=_moment(about, "opens_at"),
        known_at=_moment(about, "known_at", dt.time(0, tzinfo=dt.UTC)),
        forecasts=(),
        options=options,
        topics=_list(about, "topics"),
        range_min=_end(about, "range_min", kind),
        range_max=_end(about, "range_max", kind),
        outcome=str(options.index(outcome)) if outcome in options else outcome,
        cannot_resolve_early=_flag(about, "cannot_resolve_early"),
        options_ordered=_flag(about, "options_ordered"),
        open_below=_flag(about, "open_below"),
        open_above=_flag(about, "open_above"),
        log_scale=_flag(about, "log_scale"),
        statement=_text_of(about, "statement"),
        criteria=_text_of(about, "criteria"),
        fine_print=_text_of(about, "fine_print"),
        resolution_source=_text_of(about, "resolution_source"),
        group=_text_of(about, "group"),
        void_reason=_text_of(about, "void_reason"),
    )


def _forecaster(slug: str, record: Record) -> ImportedForecaster:
    about = {name: record[name] for name in ABOUT_FORECASTER if record.get(name)}
    kind = _choice(about, "forecaster_kind", ForecasterKind, None)
    name, url = _text_of(about, "forecaster_name"), _text_of(about, "forecaster_url")
    return ImportedForecaster(slug, name, kind, _flag(about, "forecaster_is_bot"), url)


def _forecast(row: int, key: str, slug: str, record: Record) -> ImportedForecast:
    issued_at = _moment(record, "issued_at")
    if issued_at is None:
        raise Refused("issued_at", "", "say when the forecast was issued")
    return ImportedForecast(
        row=row,
        forecaster=slug,
        issued_at=issued_at,
        value=_value(record.get("value")),
        external_id=_text_of(record, "external_id") or f"{key}@{issued_at.isoformat()}",
        basis=_choice(record, "basis", Basis, Basis.STATED),
        wording=_text_of(record, "wording"),
        wording_table=_text_of(record, "wording_table"),
        rationale=_text_of(record, "rationale"),
    )


def _value(given: Any) -> Any:
    """None for a withdrawal, which has to be said: an empty cell is more often a slip."""
    if given is None or given == "":
        raise Refused("value", "", f"give a forecast, or “{WITHDRAWN}”")
    if isinstance(given, str):
        text = given.strip()
        if text == WITHDRAWN:
            return None
        return _loaded("value", text) if text.startswith(("{", "[")) else given
    return given


def _named(record: Record, name: str, accepted: str) -> str:
    text = _text_of(record, name).strip()
    if not text:
        raise Refused(name, text, accepted)
    return text


def _text_of(record: Record, name: str) -> str:
    value = record.get(name) or ""
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
        return str(value)
    raise Refused(name, value, "give text")


def _choice(record: Record, name: str, choices: Any, default: Any) -> Any:
    value = record.get(name) or default
    try:
        return choices(value)
    except ValueError:
        raise Refused(name, value or "", f"give one of {', '.join(choices.values)}") from None


def _flag(record: Record, name: str) -> bool:
    value = record.get(name, False)
    if value not in (True, False, "true", "false", ""):
        raise Refused(name, value, "give true or false")
    return value in (True, "true")


def _list(record: Record, name: str) -> tuple[str, ...]:
    """A JSON list; in a cell, names between semicolons too."""
    value = record.get(name) or []
    if isinstance(value, str):
        is_json = value.lstrip().startswith("[")
        value = _loaded(name, value) if is_json else [part.strip() for part in value.split(";") if part.strip()]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refused(name, value, "give a list of names")
    return tuple(value)


def _end(record: Record, name: str, kind: str) -> Decimal | None:
    value = record.get(name)
    return None if value in (None, "") else place_of(kind, value, name)


def _is_day(text: Any) -> bool:
    return isinstance(text, str) and len(text.strip()) == len("2026-12-31")


def _moment(record: Record, name: str, time: dt.time = END_OF_DAY) -> dt.datetime | None:
    """A time with its zone; or a day, which stands for its end, or for `time`."""
    text = _text_of(record, name).strip()
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
        found = dt.datetime.combine(found.date(), time) if _is_day(text) else found
        if found.tzinfo is not None:
            return found.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise Refused(name, text, "give a time with its zone, such as 2026-01-31T08:00:00Z, or a day such as 2026-01-31")
