from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Draft:
    statement: str
    criteria: str
    resolution_source: str
    resolves_by: datetime | None
    deadline_reason: str = ""


@dataclass(frozen=True)
class Failure:
    rule: str
    message: str
    fix: str


def lint(draft):
    return ()
