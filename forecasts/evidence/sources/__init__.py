"""Kinds of source. Each is a folder here that reads one form of answer into items; `KINDS` names them."""

from forecasts.errors import Refused
from forecasts.evidence.sources import data_series, feed, market
from forecasts.evidence.sources.kind import Item, Observation, Reading, SourceKind

__all__ = ["KINDS", "Item", "Observation", "Reading", "SourceKind", "source_kind"]

KINDS: dict[str, SourceKind] = {kind.name: kind for kind in (feed.KIND, data_series.KIND, market.KIND)}


def source_kind(name: str) -> SourceKind:
    """The kind called `name`. Raises Refused naming the known ones."""
    if name not in KINDS:
        raise Refused("kind", name, f"give one of {', '.join(sorted(KINDS))}")
    return KINDS[name]
