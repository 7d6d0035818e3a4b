"""What charts are made of. Coordinates are strings in units of the view box, y pointing down."""

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Label:
    """Text at a point; `under` is a second line."""

    x: str
    y: str
    text: str
    anchor: Anchor = "middle"
    under: str = ""


@dataclass(frozen=True)
class Line:
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    r: str


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
