"""What is already logged beside the candidates of a pasted article, and what they say against it or each other."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from forecasts.models import Forecaster

from .alike import Incoherence, Like, Rung, are_rungs, core, incoherent, like_statements, rungs_of


@dataclass(frozen=True)
class Suggested:
    """A statement that is about to be logged; `tick` (ten-thousandths) is None where nobody is credited with one."""

    statement: str
    resolves_by: dt.datetime | None
    tick: int | None


@dataclass(frozen=True)
class Beside:
    likes: tuple[Like, ...]
    warnings: tuple[Incoherence, ...]


def beside(suggested: Sequence[Suggested], publisher: str, known: Forecaster | None) -> tuple[Beside, ...]:
    """For each of `suggested`, what is like it and where it breaks a ladder; five queries, however many there are.

    `publisher` is who will be credited, `known` its forecaster if there is one.
    """
    if not suggested:
        return ()
    likes = like_statements([(each.statement, each.resolves_by) for each in suggested])
    name = known.name if known else publisher
    rows = {like.prediction.pk: like.prediction for group in likes for like in group if like.is_rung}
    stands = rungs_of(rows.values(), known) if known and rows else ()
    return tuple(
        Beside(group, _warnings(each, suggested, group, stands, name))
        for each, group in zip(suggested, likes, strict=True)
    )


def _warnings(
    new: Suggested, suggested: Sequence[Suggested], likes: Sequence[Like], stands: Sequence[Rung], name: str
) -> tuple[Incoherence, ...]:
    own = _rung(new, name)
    if own is None:
        return ()
    others = [
        rung
        for other in suggested
        if are_rungs(new.statement, new.resolves_by, other.statement, other.resolves_by)
        and (rung := _rung(other, name))
    ]
    ladder = {like.prediction.pk for like in likes if like.is_rung}
    others += [rung for rung in stands if rung.prediction and rung.prediction.pk in ladder]
    return tuple(pair for pair in incoherent([own, *others]) if own in (pair.earlier, pair.later))


def _rung(new: Suggested, name: str) -> Rung | None:
    if new.resolves_by is None or new.tick is None:
        return None
    return Rung(new.resolves_by, new.tick, name, core(new.statement).denies)
