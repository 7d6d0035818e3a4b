"""Opening: the lint stands in the way, a reason overrides it, a suggestion becomes a forecast."""

from typing import Any

import pytest

from forecasts.actions import open_prediction, record_article
from forecasts.errors import Conflict, NotReady, Refused
from forecasts.language.lint import Rule
from forecasts.models import Article, EntryKind, Forecast, LedgerEntry, Prediction
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story


def opens(story: Story, draft: Prediction, **given: Any) -> Prediction:
    return open_prediction(prediction=draft, at=START, by=story.editor, **given)


def test_it_works(story: Story) -> None:
    row = opens(story, story.draft())
    assert (row.status, row.published_at, row.lint_override_reason) == ("open", START, "")
    assert (row.original_opens_at, row.original_closes_at, row.original_resolves_by) == (START, DEADLINE, DEADLINE)
    assert row.latest_deadline == DEADLINE
    assert list(Prediction.objects.public()) == [row]
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.PREDICTION_OPENED, f"prediction:{row.pk}")


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"statement": "It will happen that a rule is published."}, "subject"),
        ({"statement": "Ruritania will do better.", "criteria": "Ask us."}, "observable"),
        ({"resolution_source": ""}, "source"),
        ({"resolution_source": "the internet"}, "source"),
        ({"statement": "Ruritania will publish a rule and Borduria will ban chips."}, "one_condition"),
    ],
)
def test_each_failing_rule_is_named_and_can_be_overridden_with_a_reason(
    story: Story, given: dict[str, Any], rule: Rule
) -> None:
    draft = story.draft(**given)
    with refused(f"lint:{rule}", "", "", NotReady):
        opens(story, draft)
    with refused(f"lint:{rule}", "", "", NotReady):
        opens(story, draft, override_reason=" ")
    assert opens(story, draft, override_reason=" the desk knows ").lint_override_reason == "the desk knows"


def test_every_failing_rule_is_named_at_once(story: Story) -> None:
    draft = story.draft(statement="It may get better.", criteria="", resolution_source="")
    with pytest.raises(NotReady) as caught:
        opens(story, draft)
    assert [problem.field for problem in caught.value.problems] == ["lint:subject", "lint:observable", "lint:source"]


def test_a_missing_deadline_cannot_be_overridden(story: Story) -> None:
    draft = story.draft(resolves_by=None, resolves_by_rule="“soon” names no date")
    with refused("resolves_by", None, "give a deadline before opening: “soon” names no date", NotReady):
        opens(story, draft, override_reason="we shall see")


def test_a_deadline_in_the_past_is_refused(story: Story) -> None:
    draft = story.draft(opens_at=START - 9 * DAY, resolves_by=START)
    with refused("resolves_by", START.isoformat(), "the deadline has already passed"):
        opens(story, draft, override_reason="we shall see")


def test_opening_twice_is_refused(story: Story) -> None:
    row = story.opened()
    with refused("status", "open", "only a draft can be opened", Conflict):
        opens(story, row)


def suggested(story: Story, **given: Any) -> Prediction:
    kept = record_article(
        article=Article(publisher="Wire", title="News", text="So it goes.", published_at=START - 2 * DAY),
        at=START,
        by=story.editor,
    )
    wording = {"suggested_basis": "implied", "suggested_wording": "will", "suggested_wording_table": "1"}
    fields = {"suggested_forecaster": story.desk, "suggested_tick": 9000, **wording, **given}
    return story.draft(article=kept, quote="So it goes.", opens_at=None, **fields)


def test_a_suggestion_is_issued_when_its_article_came_out(story: Story) -> None:
    draft = suggested(story)
    assert not Forecast.objects.exists()
    row = opens(story, draft)
    forecast = Forecast.objects.get()
    assert (forecast.tick, forecast.basis, forecast.quote) == (9000, "implied", "So it goes.")
    assert row.opens_at == row.clock_opens_at == forecast.issued_at == START - 2 * DAY
    assert (forecast.recorded_at, forecast.stands_from, forecast.provenance) == (START, START, "live")


def test_an_old_article_makes_a_backfilled_forecast(story: Story) -> None:
    draft = suggested(story)
    row = open_prediction(prediction=draft, at=START + 6 * DAY, by=story.editor)
    assert row.forecasts.get().provenance == "backfilled"


def test_a_suggestion_that_cannot_be_issued_keeps_the_draft_closed(story: Story) -> None:
    draft = suggested(story, suggested_wording="")
    with refused("wording", "''", "names its expression"):
        opens(story, draft)


def test_without_a_suggestion_it_opens_now(story: Story) -> None:
    assert opens(story, story.draft(opens_at=None)).opens_at == START


def test_a_stale_copy_of_the_draft_does_not_decide(story: Story) -> None:
    stale = story.draft()
    story.amends(stale, {"resolves_by": None, "closes_at": None})
    with pytest.raises(Refused, match="give a deadline before opening"):
        opens(story, stale)
