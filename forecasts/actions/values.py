"""Reading what people type, with one clear refusal each."""

import datetime as dt
import hashlib
import re
from bisect import bisect_left
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from forecasts.errors import Problem, Refused
from forecasts.models import PredictionKind, number_text
from forecasts.scoring.days import day_number
from forecasts.scoring.rules import to_ticks

ACCEPTED_PROBABILITY = "give a number from 0 to 1, such as 0.7, or a percentage such as 70 %"
ACCEPTED_NUMBER = "give a plain number such as 8.5, with at most 20 digits before the point and 10 after it"
ACCEPTED_DATE = "give a date such as 2027-06-30"
ACCEPTED_MOMENT = "give a time with its zone, such as 2026-01-31T08:00:00Z"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
NOT_VERBATIM = "copy the sentence word for word from the archived text"
YEARS = range(1900, 2201)
WHOLE_DIGITS, DECIMALS = 20, 10  # what the columns of a range hold


def probability_of(value: object, field: str = "value", where: str = "") -> Decimal:
    """A probability given as a number, a decimal text or a percentage, 0 to 1. `where` begins the refusal."""
    try:
        text = str(value).strip()
        number = Decimal(text.removesuffix("%").strip())
        share = number / 100 if text.endswith("%") else number
        if 0 <= share <= 1:
            return share
    except ArithmeticError:  # decimals overflow with an error of their own, and NaN cannot be compared
        pass
    raise Refused(field, value, where + ACCEPTED_PROBABILITY)


def tick_of(value: object, field: str = "value") -> int:
    """The same in ten-thousandths."""
    return _ticks(probability_of(value, field))


@lru_cache(maxsize=16_384)
def _ticks(share: Decimal) -> int:
    """Few probabilities are said, each of them often, and for a single one arrays are slow."""
    return to_ticks(float(share))


def number_of(value: object, field: str = "value", where: str = "") -> Decimal:
    """A number of a size that can be kept, as a number or a decimal text."""
    try:
        number = Decimal(str(value).strip())
    except ArithmeticError:
        number = Decimal("NaN")
    if number.is_finite() and (not number or -DECIMALS <= number.adjusted() < WHOLE_DIGITS):
        text = number_text(number) if number else "0"
        if len(text.partition(".")[2]) <= DECIMALS:
            return Decimal(text)
    raise Refused(field, value, where + ACCEPTED_NUMBER)


def date_of_text(value: object, field: str = "value", where: str = "") -> dt.date:
    """A day, as a date or as its ISO text with hyphens; a time is no day."""
    text = value.isoformat() if type(value) is dt.date else value
    try:
        if isinstance(text, str) and re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", text, re.ASCII):
            return dt.date.fromisoformat(text.strip())
    except ValueError:
        pass
    raise Refused(field, value, where + ACCEPTED_DATE)


def moment_of(value: object, field: str) -> dt.datetime:
    """A time from its text as RFC 3339 spells it, in UTC."""
    try:
        if isinstance(value, str) and RFC_3339.fullmatch(value):
            at = dt.datetime.fromisoformat(value).astimezone(dt.UTC)
            if at.year in YEARS:
                return at
    except (ValueError, OverflowError):
        pass
    raise Refused(field, value, ACCEPTED_MOMENT)


def place_of(kind: str, value: object, field: str = "value", where: str = "") -> Decimal:
    """The place on its axis of a number, or of a day: the number of its end (`scoring.days`)."""
    if kind == PredictionKind.DATE:
        return Decimal(day_number(date_of_text(value, field, where)))
    return number_of(value, field, where)


def require_valid(row: models.Model, *, fields_only: bool = False) -> None:
    """Refuse what the fields and constraints of the model refuse, before the database does it without a word."""
    try:
        row.clean_fields() if fields_only else row.full_clean()
    except ValidationError as error:
        said = error.message_dict.items()
        problems = [Problem(name, getattr(row, name, None), _accepted(row, name, why)) for name, why in said]
        raise Refused.all(problems) from None


def require_storable(row: models.Model) -> None:
    """Refuse text that its column cannot hold; the database would say so of the whole statement."""
    for field in row._meta.concrete_fields:
        text = row.__dict__.get(field.attname)
        if not isinstance(text, str):
            continue
        if field.max_length is not None and len(text) > field.max_length:
            raise Refused(field.name, text, f"give at most {field.max_length} characters, not {len(text)}")
        if "\x00" in text or (not text.isprintable() and _has_surrogate(text)):
            raise Refused(field.name, text, "give text without NUL and without halves of characters")


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _accepted(row: models.Model, name: str, why: list[str]) -> str:
    choices = next((field.flatchoices for field in row._meta.fields if field.name == name), [])
    return f"give one of {', '.join(value for value, _ in choices)}" if choices else " ".join(why)


def free_slug(model: type[models.Model], text: str, length: int = 80) -> str:
    """A slug that no row of `model` has yet; text without Latin letters gets one from its digest."""
    base = slugify(text)[:length].strip("-") or hashlib.sha256(text.encode()).hexdigest()[:12]

    def is_free(slug: str) -> bool:
        return not model._default_manager.filter(slug=slug).exists()

    if is_free(base):
        return base
    most = 2
    while not is_free(f"{base}-{most}"):
        most *= 2
    # Of a thousand rows that begin alike, none asks for all the others.
    number = bisect_left(range(most), True, lo=most // 2 + 1, key=lambda place: is_free(f"{base}-{place}"))
    return f"{base}-{number}"


def quote_place(quote: str, text: str, field: str = "quote") -> tuple[int, int]:
    """Where `quote` stands in `text`, word for word; refused when it does not."""
    start = text.find(quote)
    if start < 0 or not quote:
        raise Refused(field, quote, NOT_VERBATIM)
    return start, start + len(quote)


def require_web_url(field: str, value: str) -> None:
    """Refuse an address that is neither empty nor http(s): links are shown to readers."""
    if value and urlsplit(value).scheme not in ("http", "https"):
        raise Refused(field, value, "give an http or https address")


def require_text(field: str, value: str, accepted: str) -> str:
    if not value.strip():
        raise Refused(field, value, accepted)
    return value.strip()
