"""Kinds of source. Each is a folder here that reads one form of answer into a reading, and `KINDS` names them."""

from importlib import import_module

from forecasts.errors import Refused
from forecasts.evidence.sources.kind import Item, Observation, Reading, SourceKind

__all__ = ["KINDS", "Item", "Observation", "Reading", "SourceKind", "source_kind"]

KINDS = ("data_series", "feed", "market", "page", "sitemap")


def source_kind(name: str) -> SourceKind:
    """The kind called `name`. Raises Refused naming the known ones.

    Its folder is loaded when it is asked for: the parsers of pages would double the start of the web process, which
    never reads one.
    """
    if name not in KINDS:
        raise Refused("kind", name, f"give one of {', '.join(KINDS)}")
    kind: SourceKind = import_module(f"{__name__}.{name}").KIND
    return kind
