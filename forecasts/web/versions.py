"""The public history of a prediction's criteria: what each version changed, field by field."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.models import CriteriaVersion, place_text, place_words

RANGE = ("range_min", "range_max")

FIELDS = {
    "statement": gettext_lazy("Statement"),
    "kind": gettext_lazy("Kind"),
    "criteria": gettext_lazy("Resolution criteria"),
    "fine_print": gettext_lazy("Fine print"),
    "resolution_source": gettext_lazy("Resolution source"),
    "options": gettext_lazy("Options"),
    "options_ordered": gettext_lazy("Options ordered"),
    "range_min": gettext_lazy("Range min"),
    "range_max": gettext_lazy("Range max"),
    "open_below": gettext_lazy("Open below"),
    "open_above": gettext_lazy("Open above"),
    "log_scale": gettext_lazy("Log scale"),
    "opens_at": gettext_lazy("Opens at"),
    "closes_at": gettext_lazy("Closes at"),
    "resolves_by": gettext_lazy("Deadline"),
    "resolves_by_precision": gettext_lazy("Resolves by precision"),
    "resolves_by_wording": gettext_lazy("Deadline wording"),
    "resolves_by_rule": gettext_lazy("How the deadline was read"),
    "cannot_resolve_early": gettext_lazy("Cannot resolve early"),
}  # in the order of the form: PostgreSQL does not keep the order of a document's keys


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
    told = (
        Change(str(label), _text(name, row.old.get(name), before), _text(name, row.new[name], kind))
        for name, label in FIELDS.items()
        if name in row.new
    )
    return tuple(change for change in told if change.was or change.now)


def _text(name: str, value: object, kind: str) -> str:
    """As the ledger spells it, ends of a range as people do; false is the default of every switch, and says nothing."""
    if name in RANGE and value is not None:
        return place_words(kind, place_text(kind, Decimal(str(value))))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool) or value is None:
        return _("yes") if value else ""
    return str(value)
