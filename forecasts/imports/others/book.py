"""What a parser gathers: each row of its file becomes part of it or is refused, and none is lost."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.utils.text import slugify

from forecasts.actions.imported import Import, ImportedForecast, ImportedForecaster, ImportedPrediction, RefusedRow
from forecasts.errors import SHOWN_VALUE_LENGTH, Refused
from forecasts.imports.reading import Files, digest_of, table_of
from forecasts.models import ForecasterKind

from .rows import Row

LONGEST_GROUP = 300
LONGEST_KEY, LONGEST_ID, LONGEST_NAME, LONGEST_SOURCE, LONGEST_SLUG = 150, 200, 200, 200, 60


@dataclass
class Book:
    """Questions and forecasts of the format `name`, as they are found."""

    name: str
    questions: dict[str, ImportedPrediction] = field(default_factory=dict)
    forecasts: dict[str, list[ImportedForecast]] = field(default_factory=dict)
    forecasters: dict[str, ImportedForecaster] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    _said: dict[tuple[str, str], int] = field(default_factory=dict)

    @contextmanager
    def row(self, number: int) -> Iterator[None]:
        """What is refused in the block is the row's refusal, and the file goes on."""
        try:
            yield
        except Refused as error:
            for problem in error.problems[:1]:
                self.refuse(number, problem.field, problem.value, problem.accepted)

    def refuse(self, number: int, field: str, value: object, accepted: str) -> None:
        shown = "" if value is None else str(value)
        if len(shown) > SHOWN_VALUE_LENGTH:
            shown = shown[:SHOWN_VALUE_LENGTH] + "…"
        self.refused.append(RefusedRow(number, field, shown, accepted))

    def table(self, name: str, data: bytes, required: tuple[str, ...], where: str = "") -> Iterator[Row]:
        """The records of a table; one with more cells than columns is refused here."""
        for number, cells in table_of(name, data, required):
            if None in cells:
                self.refuse(number, where + "columns", cells[None], "give no more cells than there are columns")
            else:
                yield Row(number, cells, where)

    def objects(self, found: object, field: str, where: str = "") -> Iterator[Row]:
        """The objects of a JSON list, counted from 1; what is no object is refused here."""
        if not isinstance(found, list):
            raise Refused(where + field, found, "give a list of objects")
        for number, cells in enumerate(found, start=1):
            if isinstance(cells, dict):
                yield Row(number, cells, where)
            else:
                self.refuse(number, where + field, cells, "give an object")

    def add(self, question: ImportedPrediction) -> None:
        """Raises Refused where the file had it before."""
        if question.external_id in self.questions:
            before = self.questions[question.external_id].row
            raise Refused("id", question.external_id, f"each question once; row {before} has it")
        self.questions[question.external_id] = replace(question, group=question.group[:LONGEST_GROUP])

    def no_lone_families(self) -> None:
        """Take out of its family every question that is the only one of it."""
        sizes = Counter(question.group for question in self.questions.values())
        for key, question in self.questions.items():
            if sizes[question.group] == 1:
                self.questions[key] = replace(question, group="")

    def said(self, question: str, forecast: ImportedForecast) -> None:
        """Raises Refused where the question was refused or is missing, or the file had this forecast before."""
        if question not in self.questions:
            raise Refused("question", question, "a forecast counts only with its question, which is refused or missing")
        if len(forecast.external_id) > LONGEST_ID:
            raise Refused("id", forecast.external_id, f"give an id of at most {LONGEST_ID} characters")
        key = (forecast.forecaster, forecast.external_id)
        if key in self._said:
            raise Refused("forecast", forecast.external_id, f"each forecast once; row {self._said[key]} has it")
        self._said[key] = forecast.row
        self.forecasts.setdefault(question, []).append(forecast)

    def forecaster(
        self, identity: str, name: str, kind: ForecasterKind, *, is_bot: bool = False, url: str = "", prefix: str = ""
    ) -> str:
        """The slug under which whoever has this identity is credited; it begins with the format, or with `prefix`."""
        slug = slug_of(prefix or self.name, identity)
        self.forecasters.setdefault(slug, ImportedForecaster(slug, name[:LONGEST_NAME], kind, is_bot, url))
        return slug

    def key(self, *parts: str) -> str:
        """`FORMAT:ID`; of a long id its digest."""
        text = "/".join(parts)
        return f"{self.name}:{text if len(text) <= LONGEST_KEY else digest(text)}"

    def close(self, files: Files, credit: str, source: str = "") -> Import:
        """Everything gathered, forecasts in order of issue."""
        predictions = [
            replace(
                question,
                forecasts=tuple(sorted(self.forecasts.get(key, ()), key=lambda said: (said.issued_at, said.row))),
            )
            for key, question in self.questions.items()
        ]
        return Import(
            format=self.name,
            source=(source or ", ".join(sorted(files)))[:LONGEST_SOURCE],
            credit=credit,
            sha256=digest_of(files),
            forecasters=tuple(self.forecasters.values()),
            predictions=tuple(predictions),
            refused=tuple(sorted(self.refused, key=lambda row: row.row)),
        )


def digest(*parts: str) -> str:
    """A short stable name for parts of any length."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def slug_of(prefix: str, identity: str) -> str:
    """What is no slug itself gets a few digits of its digest, behind two hyphens, which no slug of an identity has.

    >>> slug_of("forecastbench", "gpt-4o"), slug_of("fatebook", "Wire desk")
    ('forecastbench-gpt-4o', 'fatebook-wire-desk--51d65144')
    """
    plain = slugify(identity)
    if plain == identity and len(plain) <= LONGEST_SLUG:
        return f"{prefix}-{plain}"
    words = plain[: LONGEST_SLUG - 20].strip("-")
    return f"{'-'.join(filter(None, (prefix, words)))}--{digest(identity)[:8]}"
