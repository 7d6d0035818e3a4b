"""What the decision of a rule about a data series lets us propose. An editor decides."""

from collections.abc import Sequence
from typing import Literal

from forecasts.evidence.assess import NotYet, RuleProposal
from forecasts.evidence.sources.data_series import Decision, Rule, Used

SHOWN = 20  # values in a rationale; a daily series has thousands
SHOWN_DIGEST = 12

_OUTCOMES: dict[str, Literal["yes", "no"]] = {"true": "yes", "false": "no"}


def propose(decision: Decision, rule: Rule, finding_ids: tuple[int, ...] = ()) -> RuleProposal | NotYet:
    """YES when the rule is true, NO when it is false, with the values it stands on; else why not yet.

    `finding_ids` are those of the values, as far as they were kept as evidence; the trace in the rationale names the
    snapshots of all. What is unresolvable is no proposal, because annulling needs a person; the reason says so.
    """
    if decision.outcome == "undetermined" or decision.known_at is None:
        advice = "; unresolvable by its rule: an editor may annul it" if decision.unresolvable else ""
        return NotYet(decision.reason + advice)
    parts = [f"By its rule: {decision.reason}.", _vintage(rule), _listed("Values", decision.trace, rule)]
    if decision.reopened_by:
        parts.append(_listed("Revised across the threshold since, so weigh it", decision.reopened_by, rule))
    return RuleProposal("data_series", _OUTCOMES[decision.outcome], decision.known_at, "\n".join(parts), finding_ids)


def _vintage(rule: Rule) -> str:
    if rule.vintage == "first":
        return "The first print of each period counts."
    return f"What stood {rule.settle_days} days after each period counts."


def _listed(title: str, values: Sequence[Used], rule: Rule) -> str:
    """The values, one a line; of many, the first and the last."""
    lines = [_line(value, rule) for value in values]
    if len(lines) > SHOWN:
        half = SHOWN // 2
        lines = [*lines[:half], f"- ... {len(lines) - 2 * half:,} more ...", *lines[-half:]]
    return "\n".join((f"{title}:", *lines))


def _line(value: Used, rule: Rule) -> str:
    places = (
        "" if rule.decimals is None else f", compared as {value.compared:f} ({rule.decimals} decimals, half to even)"
    )
    seen = f"first seen {value.seen_at:%Y-%m-%d %H:%M} UTC"
    return f"- {value.label}: {value.value:f}{places}, {seen}, snapshot {value.sha256[:SHOWN_DIGEST]}"
