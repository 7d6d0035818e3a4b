"""What an editor says about a market's JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from forecasts.errors import Problem, Refused
from forecasts.evidence.sources.json_path import expression_fault
from forecasts.evidence.sources.market.literals import NO_OUTCOME, UNRESOLVED, literal

MAX_LITERALS = 20
SCALES = (1, 100)


@dataclass(frozen=True)
class MarketSpec:
    """`probability`, `outcome` and `closed` are JMESPath expressions, the last two "" when the market has none.

    `scale` is what stands for certainty: 1 or 100. `yes` and `no` are what `outcome` gives for them, capitals aside.
    `closed` gives true, or a word such as "closed" or "resolved", once the outcome may be believed.
    """

    probability: str
    scale: int = 1
    outcome: str = ""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    closed: str = ""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "MarketSpec":
        """Raises Refused naming every unknown key, every wrong value and what is missing."""
        known = [field.name for field in fields(cls)]
        problems = [
            Problem(f"spec.{key}", value, f"a market's spec has the keys: {', '.join(known)}")
            for key, value in data.items()
            if key not in known
        ]
        problems += _expression_problems(data) + _scale_problems(data) + _literal_problems(data)
        if problems:
            raise Refused.all(problems)
        words = {key: tuple(literal(word) for word in data[key]) for key in ("yes", "no") if key in data}
        return cls(**{**data, **words})


def _expression_problems(data: Mapping[str, Any]) -> list[Problem]:
    given = {"probability": None, **data}
    return [
        Problem(f"spec.{key}", given[key], accepted)
        for key in ("probability", "outcome", "closed")
        if (key == "probability" or given.get(key, "") != "") and (accepted := expression_fault(given[key]))
    ]


def _scale_problems(data: Mapping[str, Any]) -> list[Problem]:
    scale = data.get("scale", 1)
    is_known = isinstance(scale, int) and not isinstance(scale, bool) and scale in SCALES
    return [] if is_known else [Problem("spec.scale", scale, "give 1 or 100")]


def _literal_problems(data: Mapping[str, Any]) -> list[Problem]:
    """Both lists are wanted with an outcome, and none of their words may mean the other or no outcome."""
    if not data.get("outcome"):
        return [Problem(f"spec.{key}", data[key], "give spec.outcome too") for key in ("yes", "no") if data.get(key)]
    problems = [
        Problem(f"spec.{key}", data.get(key), f"give 1 to {MAX_LITERALS} texts, numbers or booleans")
        for key in ("yes", "no")
        if not _are_literals(data.get(key))
    ]
    if problems:
        return problems
    yes, no = ({literal(word) for word in data[key]} for key in ("yes", "no"))
    problems += [Problem("spec.no", word, "a word of spec.yes cannot mean no too") for word in sorted(yes & no)]
    barred = NO_OUTCOME | UNRESOLVED
    problems += [
        Problem(f"spec.{key}", word, "this word means that there is no outcome")
        for key, words in (("yes", yes), ("no", no))
        for word in sorted(words & barred)
    ]
    return problems


def _are_literals(words: object) -> bool:
    return (
        isinstance(words, list | tuple)
        and 1 <= len(words) <= MAX_LITERALS
        and all(isinstance(word, str | int | float) and literal(word) for word in words)
    )
