"""The public history of a prediction's criteria: what each version changed, field by field."""

from dataclasses import dataclass
from decimal import Decimal

from forecasts.models import CriteriaVersion, Prediction, place_text

RANGE = ("range_min", "range_max")


@dataclass(frozen=True)
class Change:
    """One field; `was` is empty in the first version, where everything is new."""

    field: str
    was: str
    now: str


@dataclass(frozen=True)
class VersionLine:
    version: CriteriaVersion
    changes: tuple[Change, ...]


def version_lines(versions: tuple[CriteriaVersion, ...]) -> tuple[VersionLine, ...]:
    """Newest first, as they are given. Fields that were and are empty are left out."""
    lines, kind = [], ""
    for row in reversed(versions):
        before, kind = kind, row.new.get("kind", kind)
        lines.append(VersionLine(row, _changes(row, before, kind)))
    return tuple(reversed(lines))


def _changes(row: CriteriaVersion, before: str, kind: str) -> tuple[Change, ...]:
    # In the order of the form: PostgreSQL does not keep the order of a document's keys.
    told = (
        Change(_label(name), _text(name, row.old.get(name), before), _text(name, row.new[name], kind))
        for name in (field.name for field in Prediction._meta.fields)
        if name in row.new
    )
    return tuple(change for change in told if change.was or change.now)


def _label(name: str) -> str:
    return str(getattr(Prediction._meta.get_field(name), "verbose_name", name)).capitalize()


def _text(name: str, value: object, kind: str) -> str:
    """As the ledger spells it, ends of a range as people do; false is the default of every switch, and says nothing."""
    if name in RANGE and value is not None:
        return place_text(kind, Decimal(str(value)))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool) or value is None:
        return "yes" if value else ""
    return str(value)
