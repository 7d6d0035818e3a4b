"""Which formats can be imported, and which of them some files are in."""

from collections.abc import Mapping
from typing import Protocol

from forecasts.actions import Import
from forecasts.errors import Refused

from . import own
from .others import (
    fatebook,
    forecastbench,
    kalshi,
    manifold,
    metaculus,
    polymarket,
    predictionbook,
    probability_tables,
    trackers,
)

AUTO = "auto"
Files = Mapping[str, bytes]
"""What is imported together, by file name: one file, or one and its companions."""


class Format(Protocol):
    """What the module of a format holds. `ENDS` are endings of file names, in small letters."""

    @property
    def NAME(self) -> str: ...  # noqa: N802 -- constants of a module
    @property
    def TITLE(self) -> str: ...  # noqa: N802
    @property
    def ENDS(self) -> tuple[str, ...]: ...  # noqa: N802

    def parse(self, files: Files) -> Import: ...


MODULES: tuple[Format, ...] = (
    own,
    fatebook,
    forecastbench,
    kalshi,
    manifold,
    metaculus,
    polymarket,
    predictionbook,
    probability_tables,
    trackers,
)
FORMATS: Mapping[str, Format] = {module.NAME: module for module in MODULES}


def read_files(files: Files, format_name: str = AUTO) -> Import:
    """The files as what an import holds. Raises Refused for an unknown format and for files that are not in it."""
    if format_name == AUTO:
        return _detected(files)
    if format_name not in FORMATS:
        raise Refused("format", format_name, f"give one of {', '.join(FORMATS)}")
    return FORMATS[format_name].parse(files)


def _detected(files: Files) -> Import:
    """By the only format that finds something in them, of those that have the ending of the first file."""
    first = next(iter(files), "")
    found, refusals = [], []
    for module in MODULES:
        if first.lower().endswith(tuple(module.ENDS)):
            try:
                found.append(module.parse(files))
            except Refused as refused:
                refusals.append(refused)
    full = [bulk for bulk in found if bulk.predictions or bulk.added or bulk.block]
    if len(full) == 1:
        return full[0]
    if len(refusals) == 1 and not found:
        raise refusals[0]
    which = ", ".join(bulk.format for bulk in full) or ", ".join(FORMATS)
    raise Refused("format", first, f"it cannot be told from the file; say which of {which} it is")
