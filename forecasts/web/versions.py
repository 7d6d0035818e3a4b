"""The public history of a prediction's criteria: what each version changed, field by field."""

from dataclasses import dataclass

from forecasts.models import CriteriaVersion, Prediction


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
    """Fields that were and are empty are left out."""
    return tuple(VersionLine(row, _changes(row)) for row in versions)


def _changes(row: CriteriaVersion) -> tuple[Change, ...]:
    told = (Change(_label(name), _text(row.old.get(name)), _text(now)) for name, now in row.new.items())
    return tuple(change for change in told if change.was or change.now)


def _label(name: str) -> str:
    return str(getattr(Prediction._meta.get_field(name), "verbose_name", name)).capitalize()


def _text(value: object) -> str:
    """As the ledger spells it; false is the default of every switch, and says nothing."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool) or value is None:
        return "yes" if value else ""
    return str(value)
