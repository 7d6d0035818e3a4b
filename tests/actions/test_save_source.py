"""Sources and watches: what editors may set, and what a worker wrote meanwhile."""

from typing import Any

import pytest

from forecasts.actions import claim_source, save_source, save_watch, terms_of
from forecasts.actions.check_source import CRASHES_BEFORE_QUARANTINE, LEASE
from forecasts.errors import Conflict
from forecasts.models import EntryKind, EvidenceSource, LedgerEntry, Watch
from tests.refusals import refused
from tests.story import DAY, START, Story


def saves(story: Story, **given: Any) -> EvidenceSource:
    source = EvidenceSource(**{"title": "Gazette", "url": "https://gazette.test/feed", **given})
    return save_source(source=source, at=START, by=story.editor)


def test_it_works(story: Story) -> None:
    source = saves(story)
    assert (source.next_check_at, source.interval, source.paused) == (START, 3600, False)
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.SOURCE_SAVED, f"source:{source.pk}")


@pytest.mark.parametrize(
    ("given", "field", "value", "accepted"),
    [
        ({"title": " "}, "title", "' '", "give the source a title"),
        ({"url": "file:///etc/passwd"}, "url", "file:///etc/passwd", "give an http or https address"),
        ({"url": "gazette.test"}, "url", "gazette.test", "give an http or https address"),
        ({"shortest_interval": 899}, "shortest_interval", 899, "give 900 seconds or more"),
        ({"shortest_interval": 4000}, "interval", 3600, "the shortest interval, 4000, or more"),
        ({"paused": True}, "paused_reason", "''", "say why it is paused"),
        ({"spec": {"text": "all"}}, "spec.text", "all", "give one of content, summary, title"),
        ({"spec": {"tekst": "title"}}, "spec.tekst", "title", "a feed's spec has the key: text"),
    ],
)
def test_what_cannot_be_is_refused(
    story: Story, given: dict[str, Any], field: str, value: object, accepted: str
) -> None:
    with refused(field, value, accepted):
        saves(story, **given)


def test_a_short_interval_is_for_hosts_of_our_own(story: Story, settings: Any) -> None:
    settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = ["127.0.0.1:8000"]
    assert saves(story, url="http://127.0.0.1:8000/feed", shortest_interval=5, interval=5).interval == 5
    with refused("shortest_interval", 4, "give 5 seconds or more"):
        saves(story, url="http://127.0.0.1:8000/other", shortest_interval=4)


def test_the_same_feed_twice_is_refused(story: Story) -> None:
    saves(story)
    with refused("url", "https://gazette.test/feed", "it is already kept as Gazette", Conflict):
        saves(story, title="The gazette again")
    saves(story, spec={"text": "title"})


def test_an_editor_does_not_put_back_what_a_worker_wrote(story: Story) -> None:
    stale = saves(story)
    worker = EvidenceSource.objects.get()
    held = claim_source(source=worker, due_at=START, at=START)
    stale.title = "The gazette"
    save_source(source=stale, at=START, by=story.editor)
    row = EvidenceSource.objects.get()
    assert (row.title, row.lease_id, row.lease_until) == ("The gazette", held.lease_id, START + LEASE)


def test_unpausing_after_a_quarantine_starts_afresh(story: Story) -> None:
    saves(story)
    for crash in range(CRASHES_BEFORE_QUARANTINE + 1):
        at = START + crash * DAY
        claim_source(source=EvidenceSource.objects.get(), due_at=START, at=at)
    row = EvidenceSource.objects.get()
    assert (row.paused, row.paused_reason, row.lease_id) == (True, "quarantined: its check broke off 3 times", None)
    row.paused = False
    save_source(source=row, at=START + 9 * DAY, by=story.editor)
    again = claim_source(source=EvidenceSource.objects.get(), due_at=START + 9 * DAY, at=START + 9 * DAY)
    assert (again.paused, again.crash_count) == (False, 1)


def watch(story: Story, **given: Any) -> Watch:
    fields = {"prediction": story.opened(), "groups": [["Ruritania"], ["watermarking"]], **given}
    return Watch(**fields)


def test_a_watch_points_a_prediction_at_a_source(story: Story) -> None:
    row = save_watch(watch=watch(story, source=saves(story)), at=START, by=story.editor)
    assert row.since == START
    assert terms_of(row).groups == (("Ruritania",), ("watermarking",))
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.WATCH_SAVED, f"watch:{row.pk}")


@pytest.mark.parametrize("groups", [[], [[]], [[""]]])
def test_groups_that_match_everything_or_nothing_are_refused(story: Story, groups: list[list[str]]) -> None:
    row = watch(story, source=saves(story), groups=groups)
    with refused("groups", "", ""):
        save_watch(watch=row, at=START, by=story.editor)


def test_a_second_watch_over_the_same_source_is_refused(story: Story) -> None:
    first = save_watch(watch=watch(story, source=saves(story)), at=START, by=story.editor)
    second = Watch(prediction=first.prediction, source=first.source, groups=[["Borduria"]])
    with refused("source", "Gazette", "watches it already", Conflict):
        save_watch(watch=second, at=START, by=story.editor)
