"""Reading what a model answered. It is believed in nothing: the form is checked, the quotes are looked up, dates veto.

Pure: text in, an Assessment out. Whatever is wrong with the answer becomes `cannot_tell` with a reason.
"""

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from forecasts.errors import UnreadableSource
from forecasts.evidence.assessors.hygiene import one_line
from forecasts.evidence.assessors.kind import RELATIONS, Assessment, Question, Quote, Relation, Report
from forecasts.evidence.assessors.prompt import MAX_READ, SCHEMA
from forecasts.evidence.assessors.quotes import comparable, find_quote, is_long_enough

MAX_QUOTES = 3
MAX_UNMET = 10
MAX_SAID = 500
DAY = dt.timedelta(days=1)
NEEDS_QUOTE = frozenset({"confirms", "refutes", "partial"})

# Why a relation became `cannot_tell`, in one word and in a sentence for the desk.
OVERRULED = {
    "refusal": "the model refused to answer",
    "truncated": "the answer was cut off",
    "unfinished": "the answer was stopped before its end",
    "invalid_json": "the answer is not one JSON object",
    "wrong_schema": "the answer does not have the form that was asked for",
    "no_quote": "no passage of the report was given",
    "short_quote": "a passage is too short to prove anything",
    "quote_not_found": "a passage does not stand in the report",
    "before_opening": "it happened before the prediction opened",
    "after_deadline": "it happened after the deadline",
    "not_yet": "it had not happened when the report was published",
}

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = range(10_000_000)


@dataclass(frozen=True)
class Reply:
    """One completion. `content` is None when the model gave none; token counts are None when they were not named."""

    content: str | None
    finish: str
    refusal: bool
    model: str
    prompt_tokens: int | None
    completion_tokens: int | None


def read_reply(body: bytes) -> Reply:
    """The completion in the body of an answer. Raises UnreadableSource when it is none: the endpoint is at fault."""
    document = _parse(body)
    try:
        choice = document["choices"][0]
        message = choice["message"]
        content, refusal, calls = message.get("content"), message.get("refusal"), message.get("tool_calls")
        usage = document.get("usage") or {}
        counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    except (TypeError, KeyError, IndexError, AttributeError):
        raise UnreadableSource("the endpoint did not answer with a chat completion") from None
    return Reply(
        content=content if isinstance(content, str) and not calls else None,
        finish=_text(choice.get("finish_reason")) or "stop",
        refusal=bool(refusal),
        model=one_line(_text(document.get("model"))[:MAX_SAID])[:100],
        prompt_tokens=_count(counts[0]),
        completion_tokens=_count(counts[1]),
    )


def judge(reply: Reply, question: Question, report: Report) -> Assessment:
    """What `reply` says of `report`, after every rule; it carries no model, prompt or usage yet."""
    if fault := _unfinished(reply):
        return Assessment("cannot_tell", overruled=fault, why=OVERRULED[fault])
    try:
        said = _strict(reply.content or "")
    except ValueError:
        return Assessment("cannot_tell", overruled="invalid_json", why=OVERRULED["invalid_json"])
    if not _has_form(said):
        return Assessment("cannot_tell", overruled="wrong_schema", why=OVERRULED["wrong_schema"])
    return _ruled(said, question, report)


def _unfinished(reply: Reply) -> str:
    if reply.refusal or reply.finish == "content_filter":
        return "refusal"
    if reply.finish == "length":
        return "truncated"
    if reply.finish != "stop":
        return "unfinished"
    return "wrong_schema" if reply.content is None else ""


def _ruled(said: dict[str, Any], question: Question, report: Report) -> Assessment:
    day = dt.date.fromisoformat(said["event_date"]) if said["event_date"] else None
    where = comparable(report.text[:MAX_READ])  # no more was shown
    quotes = tuple(find_quote(quote, report.text, where) for quote in said["quotes"])
    overruled = _fault(said["relation"], said["quotes"], quotes) or _veto(said["relation"], day, question, report)
    return Assessment(
        relation="cannot_tell" if overruled else cast("Relation", said["relation"]),
        claimed=said["relation"],
        overruled=overruled,
        event_date=day,
        quotes=tuple(quote for quote in quotes if quote),
        unmet=tuple(one_line(condition[:MAX_SAID]) for condition in said["unmet"]),
        annul_reason=one_line(said["annul_reason"][:MAX_SAID]),
        confidence=float(said["confidence"]),
        why=one_line(said["why"][:MAX_SAID]),
    )


def _fault(relation: str, wanted: list[str], found: tuple[Quote | None, ...]) -> str:
    if not all(found):
        return "quote_not_found"
    if not all(map(is_long_enough, wanted)):
        return "short_quote"
    return "no_quote" if relation in NEEDS_QUOTE and not wanted else ""


def _veto(relation: str, day: dt.date | None, question: Question, report: Report) -> str:
    """Days are UTC; where time zones leave a day in doubt nothing is vetoed. What comes too late may well refute."""
    if relation not in NEEDS_QUOTE:
        return ""
    seen = report.published_at
    if (day is not None and day < question.opens_at.date()) or (seen is not None and seen < question.opens_at):
        return "before_opening"
    if day is None or relation == "refutes":
        return ""
    if day > question.deadline.date():
        return "after_deadline"
    return "not_yet" if seen is not None and day > (seen + DAY).date() else ""


def _has_form(said: object) -> bool:
    """Whether `said` is as the schema asks, with no key more or less."""
    if not isinstance(said, dict) or set(said) != set(SCHEMA["required"]):
        return False
    confidence = said["confidence"]
    return (
        said["relation"] in RELATIONS
        and _is_day(said["event_date"])
        and _are_texts(said["quotes"], MAX_QUOTES)
        and _are_texts(said["unmet"], MAX_UNMET)
        and isinstance(said["annul_reason"], str)
        and isinstance(said["why"], str)
        and isinstance(confidence, int | float)
        and not isinstance(confidence, bool)
        and 0 <= confidence <= 1
    )


def _is_day(value: object) -> bool:
    if value is None:
        return True
    try:
        return isinstance(value, str) and bool(_DATE.fullmatch(value)) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _are_texts(value: object, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(isinstance(one, str) for one in value)


def _parse(body: bytes) -> Any:
    try:
        return _strict(body.decode())
    except ValueError:
        raise UnreadableSource("the endpoint did not answer in JSON") from None


def _strict(text: str) -> Any:
    """JSON as the RFC has it: no NaN, no key twice. Raises ValueError."""
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value in _COUNT else None
