"""Apply an import: everything in it that can be taken, or nothing when it breaks off, under one ledger entry.

What is here already stays as it is, so that a file may be applied again, and one that has grown adds what is new.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from forecasts.ledger import merkle
from forecasts.ledger.append import By, append
from forecasts.ledger.verify import TREE, import_leaves
from forecasts.models import (
    CriteriaVersion,
    EntryKind,
    Forecast,
    GroupKind,
    ImportRun,
    Prediction,
    PredictionGroup,
    Proposal,
    ProposalStatus,
    Resolution,
    Topic,
)
from forecasts.queries.own_rows import OWN

from .base import action, claimed, person, require
from .criteria import versioned
from .forecasting import start_clock
from .import_block import Progress, insert_block, leaves
from .import_plan import Plan, PlannedPrediction
from .import_planner import plan_import
from .imported import Import
from .made import count_said, recounted
from .settling import settled_by
from .unsettled import forget_base_rates, hold, hold_predictions, in_base_rates
from .values import free_slug

BATCH = 2000
MOST_REASONS = 50
LOCK = 0x1A9027  # of this database; whoever else imports waits for it


@dataclass(frozen=True)
class Applied:
    """`run` is None where the file brought nothing new."""

    run: ImportRun | None
    plan: Plan


@action
def apply_import(*, bulk: Import, at: dt.datetime, by: By, progress: Progress = iter) -> Applied:
    """Insert everything that is new and can be taken; rows that are refused or in conflict are left out and told.

    Raises NotAllowed without the right to keep predictions. Outcomes come only with the right to resolve. `progress`
    wraps the predictions, first as they are read and then as they are inserted, for a bar.
    """
    require(by, "keep_predictions", "import predictions")
    _wait_for_others()
    plan = plan_import(bulk=bulk, at=at, settles=may_settle(by), progress=progress)
    if not plan.brings_something:
        return Applied(None, plan)
    run = _run(plan, at, by)
    _insert_forecasters(plan)
    _insert_predictions(plan, run, at, progress)
    hold_predictions(_told_of(plan))
    _insert_forecasts(plan, run)
    _settle_and_count(plan, run, at, by)
    run.root = merkle.root(_leaves(plan, run))
    run.save(update_fields=["root"])
    append(EntryKind.IMPORT_APPLIED, subject=f"import:{run.pk}", content=_content(run, plan), at=at, by=by)
    return Applied(run, plan)


def may_settle(by: By) -> bool:
    """Whether an import by `by` brings outcomes: a file is like a rule, and what a rule says needs an approver."""
    user = person(by)
    return user is None or user.has_perm("forecasts.resolve_predictions")


def _wait_for_others() -> None:
    """Of two imports the second begins when the first has ended, and sees what it brought. SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _run(plan: Plan, at: dt.datetime, by: By) -> ImportRun:
    bulk = plan.bulk
    reasons = Counter(row.problem.accepted for row in plan.left_out if row.problem)
    return ImportRun.objects.create(
        format=bulk.format,
        source=bulk.source,
        credit=bulk.credit,
        sha256=bulk.sha256,
        rows=plan.in_block + sum(len(planned.forecasts) for planned in plan.predictions),
        skipped=dict(reasons.most_common(MOST_REASONS)),
        root="",
        at=at,
        by=person(by),
        **{str(state): count for state, count in plan.states.items()},
    )


def _content(run: ImportRun, plan: Plan) -> dict[str, object]:
    return {
        "format": run.format,
        "source": run.source,
        "file_sha256": run.sha256,
        "counts": {str(state): count for state, count in plan.states.items()},
        "forecasters": [
            {"forecaster": row.pk, "slug": row.slug, "name": row.name, "kind": row.kind, "is_bot": row.is_bot}
            for row in plan.forecasters
        ],
        "import_rows": {
            "v": TREE,
            "root": run.root,
            "forecasts": run.rows,
            "predictions": sum(planned.new is not None for planned in plan.predictions),
            "resolutions": sum(planned.result is not None for planned in plan.predictions),
        },
    }


def _insert_forecasters(plan: Plan) -> None:
    for row in plan.forecasters:
        row.save(force_insert=True)


def _insert_predictions(plan: Plan, run: ImportRun, at: dt.datetime, progress: Progress) -> None:
    new = [planned for planned in plan.predictions if planned.new]
    groups, topics = _groups(new), _topics(plan)
    for planned in progress(new):
        _insert_prediction(planned, run, groups)
    rows = [one.row for one in new]
    versions = [CriteriaVersion(prediction=row, number=1, old={}, new=versioned(row), reason="", at=at) for row in rows]
    CriteriaVersion.objects.bulk_create(versions, batch_size=BATCH)
    of_topic = Prediction.topics.through
    pairs = [
        of_topic(prediction_id=one.row.pk, topic_id=topics[name].pk)
        for one in new
        if one.new
        for name in dict.fromkeys(one.new.topics)
    ]
    of_topic.objects.bulk_create(pairs, batch_size=BATCH)


def _insert_prediction(planned: PlannedPrediction, run: ImportRun, groups: dict[str, PredictionGroup]) -> None:
    row, new = planned.row, planned.new
    row.import_run, row.slug = run, _slug(row)
    row.group = groups.get(new.group) if new else None
    row.original_opens_at, row.original_closes_at = row.opens_at, row.closes_at
    row.original_resolves_by = row.resolves_by
    if planned.forecasts:
        row.clock_opens_at, row.clock_closes_at = row.opens_at, row.closes_at
    row.save(force_insert=True)


def _slug(row: Prediction) -> str:
    """What another desk exported keeps the last part of its address: nobody gets it here, and with it the key."""
    key = str(row.external_id)
    is_ours = key.startswith(OWN)
    return free_slug(Prediction, key.removeprefix(OWN), 100) if is_ours else free_slug(Prediction, row.statement)


def _groups(new: Sequence[PlannedPrediction]) -> dict[str, PredictionGroup]:
    """Families by their title, those of earlier imports too."""
    titles = dict.fromkeys(one.new.group for one in new if one.new and one.new.group)
    here = PredictionGroup.objects.filter(title__in=titles, kind=GroupKind.FAMILY)
    found = {row.title: row for row in here.order_by("-pk")}
    for title in titles:
        if title not in found:
            slug = free_slug(PredictionGroup, title)
            found[title] = PredictionGroup.objects.create(slug=slug, title=title)
    return found


def _topics(plan: Plan) -> dict[str, Topic]:
    """By name; those that are not here are made."""
    found = plan.lookup.topics
    names = dict.fromkeys(name for one in plan.predictions if one.new for name in one.new.topics)
    for name in names:
        if name not in found:
            found[name] = Topic.objects.create(slug=free_slug(Topic, name), name=name)
    return found


def _told_of(plan: Plan) -> set[int]:
    """What was here already and is told something new of."""
    here = (planned for planned in plan.predictions if not planned.new and (planned.forecasts or planned.result))
    return {planned.row.pk for planned in here} | {row.pk for row in (plan.block.predictions if plan.block else ())}


def _insert_forecasts(plan: Plan, run: ImportRun) -> None:
    told = [planned.row for planned in plan.predictions if planned.new is None and planned.forecasts]
    for row in (*told, *(plan.block.predictions if plan.block else ())):
        start_clock(row)
    if plan.block:
        insert_block(plan.block, run)
    forecasts = [forecast for planned in plan.predictions for forecast in planned.forecasts]
    for index, forecast in enumerate(forecasts, plan.in_block):
        forecast.prediction_id, forecast.forecaster_id = forecast.prediction.pk, forecast.forecaster.pk
        forecast.import_run, forecast.row_index = run, index
    Forecast.objects.bulk_create(forecasts, batch_size=BATCH)


def _leaves(plan: Plan, run: ImportRun) -> Iterator[bytes]:
    """Of the block from its lines, of everything else as it stands in the database."""
    if plan.block:
        yield from leaves(plan.block)
    yield from import_leaves(run.pk, start=plan.in_block)


def _settle_and_count(plan: Plan, run: ImportRun, at: dt.datetime, by: By) -> None:
    """What was here already is counted with what was just said, and then moved; what is new, once it is settled."""
    told = {planned.row.pk for planned in plan.predictions if planned.result and not planned.new}
    touched = {planned.row.pk for planned in plan.predictions if planned.forecasts}
    touched |= {row.pk for row in (plan.block.predictions if plan.block else ())}
    # Before the ledger is held: whoever decides a proposal holds it, and waits for the ledger.
    waiting = Proposal.objects.filter(prediction__in=told, status=ProposalStatus.WAITING)
    waiting.update(status=ProposalStatus.SUPERSEDED)
    count_said(Q(import_run=run), told & touched)
    with recounted(told):
        _settle(plan, run, at, by)
    count_said(Q(import_run=run), touched - told)
    if new := in_base_rates(planned.row.pk for planned in plan.predictions if planned.result and planned.new):
        hold()
        forget_base_rates(new)


def _settle(plan: Plan, run: ImportRun, at: dt.datetime, by: By) -> None:
    """Like `settling.settle`, of many: each is claimed by having no resolution yet."""
    new = [
        Resolution(
            prediction=planned.row,
            outcome=planned.result.outcome,
            void_reason=planned.result.void_reason,
            known_at=planned.result.known_at,
            resolved_at=at,
            proposed_by_rule="import",
            approver=person(by),
            evidence_exception=planned.result.evidence_exception,
            import_run=run,
        )
        for planned in plan.predictions
        if planned.result
    ]
    for row in Resolution.objects.bulk_create(new, batch_size=BATCH):
        open_still = Prediction.objects.filter(pk=row.prediction_id, current_resolution__isnull=True)
        settled = open_still.update(**settled_by(row))
        claimed(settled, "prediction", row.prediction.slug, "somebody settled it meanwhile; import the file again")
