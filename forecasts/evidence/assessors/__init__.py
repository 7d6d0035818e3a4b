"""Assessors: plug-ins that say how one report bears on one prediction. They propose nothing; rules and editors do.

To add one, implement `Assessor` in a module here and give its builder a name in `ASSESSORS`.
"""

from collections.abc import Callable

from forecasts.errors import Refused
from forecasts.evidence.assessors.kind import Assessment, Assessor, Question, Quote, Report, Usage
from forecasts.evidence.assessors.llm import LlmAssessor, LlmOptions

__all__ = [
    "ASSESSORS", "Assessment", "Assessor", "LlmOptions", "Question", "Quote", "Report", "Usage", "build_assessor",
]  # fmt: skip

ASSESSORS: dict[str, Callable[[LlmOptions], Assessor]] = {LlmAssessor.name: LlmAssessor}


def build_assessor(name: str, options: LlmOptions) -> Assessor:
    """The assessor called `name`. Raises Refused naming the known ones, or what is missing in `options`."""
    if name not in ASSESSORS:
        raise Refused("assessor", name, f"give one of {', '.join(sorted(ASSESSORS))}")
    return ASSESSORS[name](options)
