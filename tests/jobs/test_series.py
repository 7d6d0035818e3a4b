"""A data series from its address to a proposal: prints are kept as first seen, and a rule decides by them."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from forecasts.actions import check_now, save_source, save_watch
from forecasts.jobs.assess import assess_silence
from forecasts.jobs.check import check_source
from forecasts.jobs.follow import follow
from forecasts.models import Check, EvidenceSource, Finding, Prediction, Proposal, SeriesPrint, Watch
from tests.refusals import refused
from tests.story import START, Story
from tests.wire import Wire, serving

SPEC = {"format": "json", "select": "data", "date": "period", "value": "rate", "freq": "month"}
RULE = {"when": {"mode": "any", "from": "2026-01-01", "to": "2026-12-31"}, "op": ">=", "threshold": "4.5"}
DEADLINE = dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=dt.UTC)


@pytest.fixture
def wire(settings: Any) -> Iterator[Wire]:
    with serving() as found:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [found.host]
        found.content_type = "application/json"
        yield found


def prints(wire: Wire, **rates: str) -> None:
    rows = [{"period": period.replace("_", "-").removeprefix("m"), "rate": rate} for period, rate in rates.items()]
    wire.body = json.dumps({"data": rows}).encode()


def series(story: Story, wire: Wire) -> EvidenceSource:
    row = EvidenceSource(kind="data_series", title="Unemployment", url=wire.url, spec=SPEC, next_check_at=START)
    return save_source(source=row, at=START, by=story.editor)


def watched(story: Story, source: EvidenceSource, **given: Any) -> Prediction:
    prediction = story.opened(resolves_by=DEADLINE)
    watch = Watch(**{"prediction": prediction, "source": source, "rule": RULE, **given})
    save_watch(watch=watch, at=START, by=story.editor)
    return prediction


def looks() -> None:
    """A check as if it were due, and what follows from it."""
    row = EvidenceSource.objects.get()
    assert check_source(row.pk, row.next_check_at)
    follow()


def test_a_value_over_the_threshold_is_proposed_with_the_line_that_says_so(story: Story, wire: Wire) -> None:
    prediction = watched(story, series(story, wire))
    prints(wire, m2026_01="4.1", m2026_02="4.6")
    looks()
    assert list(SeriesPrint.objects.values_list("label", "value")) == [("2026-01", "4.1"), ("2026-02", "4.6")]
    assert {row.quote for row in Finding.objects.all()} == {"2026-01 4.1", "2026-02 4.6"}
    for row in Finding.objects.select_related("snapshot"):
        assert row.snapshot.text[row.quote_start : row.quote_end] == row.quote
    proposal = Proposal.objects.get()
    assert (proposal.prediction, proposal.outcome, proposal.by_rule) == (prediction, "yes", "rule:data_series")
    assert [row.quote for row in proposal.findings.all()] == ["2026-02 4.6"]
    assert "2026-02: 4.6" in proposal.rationale
    assert proposal.known_at == SeriesPrint.objects.get(label="2026-02").first_seen_at


def test_a_value_below_it_proposes_nothing_and_silence_is_left_to_the_rule(story: Story, wire: Wire) -> None:
    prediction = watched(story, series(story, wire))
    prints(wire, m2026_01="4.1")
    looks()
    assert not Proposal.objects.exists()
    assert not assess_silence(prediction, DEADLINE + dt.timedelta(days=1))  # February to December are not printed
    assert not Proposal.objects.exists()


def test_the_first_print_is_kept_beside_its_revision(story: Story, wire: Wire) -> None:
    watched(story, series(story, wire))
    for rate in ("4.1", "4.1", "4.2"):
        prints(wire, m2026_01=rate)
        looks()
        check_now(source=EvidenceSource.objects.get(), at=timezone.now(), by=story.editor)
    assert list(SeriesPrint.objects.order_by("pk").values_list("label", "value")) == [
        ("2026-01", "4.1"),
        ("2026-01", "4.2"),
    ]
    assert Finding.objects.count() == 2
    assert Check.objects.count() == 3


def test_all_below_it_is_no_once_the_window_is_printed(story: Story, wire: Wire) -> None:
    rule = {**RULE, "when": {"mode": "any", "from": "2026-01-01", "to": "2026-02-28"}}
    watched(story, series(story, wire), rule=rule)
    prints(wire, m2026_01="4.1", m2026_02="4.2", m2026_03="9.9")
    looks()
    proposal = Proposal.objects.get()
    assert proposal.outcome == "no"
    assert sorted(row.quote for row in proposal.findings.all()) == ["2026-01 4.1", "2026-02 4.2"]


@pytest.mark.parametrize(
    ("given", "field", "accepted"),
    [
        ({"rule": {**RULE, "op": "=>"}}, "rule.op", "give one of >"),
        ({"groups": [["rate"]]}, "groups", "give a rule or words, and not both"),
        ({"rule": {**RULE, "when": {"mode": "some"}}}, "rule.when.mode", "give one of any"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    story: Story, wire: Wire, given: dict[str, Any], field: str, accepted: str
) -> None:
    source = series(story, wire)
    prediction = story.opened(resolves_by=DEADLINE)
    watch = Watch(**{"prediction": prediction, "source": source, "rule": RULE, **given})
    with refused(field, "", accepted):
        save_watch(watch=watch, at=START, by=story.editor)


def test_a_rule_needs_a_series_and_a_prediction_of_yes_or_no(story: Story, wire: Wire) -> None:
    feed = save_source(source=EvidenceSource(title="Feed", url=wire.url), at=START, by=story.editor)
    prediction, choice, source = story.opened(), story.choice("a", "b"), series(story, wire)
    with refused("rule", "", "only a data series has values"):
        save_watch(watch=Watch(prediction=prediction, source=feed, rule=RULE), at=START, by=story.editor)
    with refused("rule", "", "a rule is true or false"):
        save_watch(watch=Watch(prediction=choice, source=source, rule=RULE), at=START, by=story.editor)
