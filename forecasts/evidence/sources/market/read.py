"""Read a market's JSON: its probability, and what it says of the outcome. Hints for an editor, never a decision."""

import datetime as dt
import re
from typing import Any

from forecasts.errors import UnreadableSource
from forecasts.evidence.sources.data_series.numbers import EXACT, NumberStyle, number
from forecasts.evidence.sources.data_series.read import line
from forecasts.evidence.sources.feed.decode import decode
from forecasts.evidence.sources.feed.items import web_link
from forecasts.evidence.sources.json_path import load_json, select
from forecasts.evidence.sources.kind import BETWEEN, Item, Observation, Reading
from forecasts.evidence.sources.market.literals import CLOSED, NO_OUTCOME, UNRESOLVED, literal
from forecasts.evidence.sources.market.spec import MarketSpec

HINT = "What a market says is a hint, no decision."
_SAID = {"yes": "The market says YES", "no": "The market says NO"}
_SAID_BEFORE = re.compile(r"^(?:The market says (?:YES|NO)|The market gives no outcome)$", re.MULTILINE)


def read(
    body: bytes, spec: MarketSpec, *, charset: str = "", url: str = "", now: dt.datetime | None = None, before: str = ""
) -> Reading:
    """One observation, the probability (0 to 1) labelled by the day of `now` in UTC; an item if there is an outcome.

    A settled market may give no probability any more; then there is the item alone.

    Raises UnreadableSource with code `empty`, `no_probability`, `not_a_probability`, `bad_number` or a code of
    load_json or select; ValueError when `now` is missing or has no time zone.
    """
    if now is None or now.tzinfo is None:
        raise ValueError("now: give the time of the fetch with its zone")
    text = decode(body, charset).lstrip("\ufeff")
    if not text.strip():
        raise UnreadableSource("expected JSON; got an empty answer", "empty")
    document = load_json(text)
    item = _item(document, spec, web_link(url, ""), before)
    return _reading(_observation(document, spec, now, is_required=item is None), item)


def says_outcome(text: str) -> bool:
    """Whether the text of a reading says what the outcome is, or that there is none."""
    return _SAID_BEFORE.search(text) is not None


def _reading(observation: Observation | None, item: Item | None) -> Reading:
    text = BETWEEN.join([*([line(observation)] if observation else []), *([item.text] if item else [])])
    return Reading(
        text,
        items=(item,) if item else (),
        begins=(len(text) - len(item.text),) if item else (),
        observations=(observation,) if observation else (),
    )


def _observation(document: Any, spec: MarketSpec, now: dt.datetime, *, is_required: bool) -> Observation | None:
    found = select(spec.probability, document)
    if found is None and not is_required:
        return None
    if found is None:
        raise UnreadableSource(f"{spec.probability[:80]!r} finds nothing in the market's JSON", "no_probability")
    value = number(found, NumberStyle())
    if not 0 <= value <= spec.scale:
        raise UnreadableSource(f"the probability is {value:f}; expected 0 to {spec.scale}", "not_a_probability")
    day = now.astimezone(dt.UTC).date()
    return Observation(day.isoformat(), day, day, value if spec.scale == 1 else value.scaleb(-2, EXACT))


def _item(document: Any, spec: MarketSpec, url: str, before: str) -> Item | None:
    """What the market says of the outcome; None while it says nothing and said nothing `before`."""
    if not spec.outcome:
        return None
    found = select(spec.outcome, document)
    said = f"a {type(found).__name__}" if isinstance(found, list | dict) else literal(found)
    if said in UNRESOLVED:
        return _none(url, "reopened", "It was settled before and is open again.") if says_outcome(before) else None
    if said in NO_OUTCOME:
        return _none(url, said, f"It was settled as '{said}': neither yes nor no.")
    way = "yes" if said in spec.yes else "no" if said in spec.no else ""
    if not way:
        why = f"It reads '{said}', which is neither in spec.yes nor in spec.no."
        return _made(url, f"unclear:{said}", "The market's outcome is unclear: no outcome", why)
    if spec.closed and literal(select(spec.closed, document)) not in CLOSED:
        why = f"Its outcome reads '{said}', but the market is not closed."
        return _made(url, f"open:{way}", "The market is not closed: no outcome", why)
    return _made(url, f"outcome:{way}", _SAID[way], f"Its outcome reads '{said}'.")


def _none(url: str, name: str, why: str) -> Item:
    return _made(url, f"no-outcome:{name}", "The market gives no outcome", why)


def _made(url: str, guid: str, title: str, why: str) -> Item:
    return Item(guid, url, title, f"{title}\n{why} {HINT}", published_at=None, dated_by="none")
