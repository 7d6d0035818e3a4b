"""What an import may do to what is here: by whom, and to whose predictions."""

from dataclasses import replace

from forecasts.actions import (
    apply_import,
)
from forecasts.errors import NotAllowed
from forecasts.ledger.verify import verify
from forecasts.models import (
    LedgerEntry,
    Prediction,
    Resolution,
)
from tests.imported import (
    LATER,
    applies,
    brought,
    bulk,
    only_problem,
    said,
    settled,
    still_open,
)
from tests.refusals import refused
from tests.story import DAY, START, Story, make_user


def test_an_editor_brings_everything_but_outcomes(story: Story) -> None:
    applied = apply_import(bulk=bulk(settled()), at=LATER, by=story.editor)
    state, field, value, accepted = only_problem(applied)
    assert (state, field, value) == ("refused", "outcome", "yes")
    assert accepted == "an approver who imports the same file brings the outcomes"
    assert Prediction.objects.get().status == "closed"
    assert brought(story, bulk(settled())).resolutions.count() == 1


def test_only_those_who_keep_predictions_import(story: Story) -> None:
    judge = make_user("judge", "Approvers")
    with refused("by", "judge", "keep_predictions", NotAllowed):
        apply_import(bulk=bulk(settled()), at=LATER, by=judge)


def test_what_another_format_brought_is_resolved_at_the_desk(story: Story) -> None:
    applies(story, bulk(still_open()))
    applied = applies(story, replace(bulk(settled(forecasts=(said(1, 0.6),))), format="other"))
    assert only_problem(applied)[3] == "it did not come from other; propose a resolution at the desk"
    assert not Resolution.objects.exists()


def test_forecasts_on_predictions_of_this_desk(story: Story) -> None:
    row = story.opened()
    mine = story.says(row, 0.4)
    added = {
        f"reckoner:{row.slug}": (
            replace(said(1, 0.4), external_id="reckoner:1", basis="stated"),
            replace(said(2, 0.6, at=START + DAY), external_id="reckoner:2", basis="stated"),
        ),
        "reckoner:nothing": (said(3, 0.4),),
    }
    applied = applies(story, bulk(added=added, forecasters=()), START + 2 * DAY)
    assert only_problem(applied)[1:3] == ("prediction", "reckoner:nothing")
    assert applied.plan.states == {"new": 1, "unchanged": 1, "conflicting": 0, "refused": 1}
    assert set(row.forecasts.values_list("tick", "provenance")) == {(mine.tick, "live"), (6000, "imported")}
    assert verify().size == LedgerEntry.objects.count()
