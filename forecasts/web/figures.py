"""A chart as a page shows it."""

from dataclasses import dataclass
from typing import Any

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A chart with its words, and the same numbers as a table. `kind` names the partial that draws it, `id` the place.

    `figures` and `counts` stand inside the plot of a reliability diagram.
    """

    kind: str
    id: str
    chart: Any
    title: str
    desc: str
    caption: str
    columns: tuple[str, ...]
    rows: Rows
    figures: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()

    @property
    def partial(self) -> str:
        return f"forecasts/charts/{self.kind}.html"
