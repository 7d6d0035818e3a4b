"""News that no editor thought of: ranked under every open prediction, shown with reasons, told once."""

import datetime as dt
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from forecasts.actions import check_now, review_finding, save_source, save_watch
from forecasts.jobs import check, matching, open_index
from forecasts.jobs.assess import assess_silence
from forecasts.jobs.check import check_source
from forecasts.models import EvidenceSource, Finding, Prediction, Watch, WordCount
from forecasts.queries.desk import desk
from tests.evidence.server import Net, Server, response
from tests.journeys.desk import Desk
from tests.story import START, Story

LATER = dt.datetime(2028, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
WATERMARKS = {
    "statement": "China will require watermarks on all content made by generative models by the end of 2028.",
    "criteria": "Yes if a binding regulation of China that requires watermarks on generated content is in force.",
    "resolves_by": LATER,
}
CHIPS = {
    "statement": "The Netherlands will ban exports of deep ultraviolet lithography machines by the end of 2028.",
    "criteria": "Yes if an export ban of the Netherlands on deep ultraviolet lithography machines is in force.",
    "resolves_by": LATER,
}
IN_FORCE = (
    "China's watermark rule for generative models takes effect",
    "Beijing's regulation that requires watermarks on content of generative models entered into force. Providers obey.",
)
FOOTBALL = ("Late goal sends visitors home", "The home side won by two goals to one after extra time on Saturday.")


def watch_of(prediction: Prediction, source: EvidenceSource, **fields: Any) -> Watch:
    return Watch(prediction=prediction, source=source, **{"groups": [["watermarks"], ["China", "Beijing"]], **fields})


class Gazette:
    """Feeds of several outlets on one server, written as the test goes."""

    def __init__(self, story: Story, server: Server) -> None:
        self.story, self.server = story, server
        self.items: dict[str, list[str]] = {}

    def source(self, outlet: str = "gazette", **fields: Any) -> EvidenceSource:
        url = f"http://{outlet}.test:{self.server.port}/{outlet}.xml"
        row = EvidenceSource(title=outlet.title(), url=url, next_check_at=START, **fields)
        self.items[outlet] = []
        return save_source(source=row, at=START, by=self.story.editor)

    def publishes(self, news: tuple[str, str], outlet: str = "gazette") -> None:
        title, text = map(escape, news)
        items = self.items[outlet]
        items.append(
            f"<item><guid>{len(items)}</guid><title>{title}</title><description>{text}</description>"
            f"<link>http://{outlet}.test/{len(items)}</link><pubDate>Sat, 05 Sep 2026 10:00:00 +0000</pubDate></item>"
        )
        feed = f"<rss version='2.0'><channel><title>{outlet}</title>{''.join(items)}</channel></rss>"
        self.server.routes[f"/{outlet}.xml"] = response(feed.encode(), "Content-Type: application/rss+xml")

    def checks(self, source: EvidenceSource) -> None:
        source.refresh_from_db()
        check_now(source=source, at=timezone.now(), by=self.story.editor)
        source.refresh_from_db()
        assert check_source(source.pk, source.next_check_at)


@pytest.fixture
def gazette(story: Story, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Gazette]:
    with Server() as server:
        net, real = Net(server), check.fetch
        hosts = [f"{name}.test" for name in ("gazette", "herald")]
        net.names = {host: [["127.0.0.1"]] for host in hosts}
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [f"{host}:{server.port}" for host in hosts]
        monkeypatch.setattr(check, "fetch", lambda *given: real(*given, resolve=net.resolve, dial=net.dial))
        yield Gazette(story, server)


def test_an_item_is_placed_under_the_prediction_it_concerns_and_under_no_other(story: Story, gazette: Gazette) -> None:
    watermarks, _ = story.opened(**WATERMARKS), story.opened(**CHIPS)
    source = gazette.source()
    for news in (FOOTBALL, IN_FORCE):
        gazette.publishes(news)
    gazette.checks(source)
    finding = Finding.objects.get()
    assert (finding.prediction, finding.found_by, finding.stance) == (watermarks, "ranking", "related")
    assert "matched: " in finding.why
    assert "watermarks" in finding.why
    assert "date 2028-12-31; source weight 1; done: “takes effect”, “into force” (tfidf-" in finding.why
    text = finding.snapshot.text
    assert text[finding.quote_start : finding.quote_end] == finding.quote
    assert text[finding.item_start : finding.item_end].startswith(IN_FORCE[0])
    assert finding.reading_order > 500


def test_only_what_is_new_is_ranked_and_a_second_check_adds_nothing(story: Story, gazette: Gazette) -> None:
    source = gazette.source()
    gazette.publishes(IN_FORCE)
    gazette.checks(source)
    story.opened(**WATERMARKS)  # logged afterwards, about what stood there before
    gazette.checks(source)
    assert not Finding.objects.exists()
    gazette.publishes(
        ("China enforces watermarks on content of generative models", IN_FORCE[1] + " Fines begin in May.")
    )
    for _ in range(2):
        gazette.checks(source)
    assert Finding.objects.count() == 1


def test_the_same_story_of_two_outlets_is_one_with_a_retelling(story: Story, gazette: Gazette) -> None:
    story.opened(**WATERMARKS)
    sources = [gazette.source("gazette"), gazette.source("herald")]
    gazette.publishes(IN_FORCE, "gazette")
    gazette.publishes((f"Herald: {IN_FORCE[0]}", IN_FORCE[1]), "herald")
    for source in sources:
        gazette.checks(source)
    first, second = Finding.objects.order_by("pk")
    assert (first.same_story_as, second.same_story_as) == (None, first)


def test_one_story_twice_in_one_feed_is_told_once(story: Story, gazette: Gazette) -> None:
    story.opened(**WATERMARKS)
    source = gazette.source()
    gazette.publishes(IN_FORCE)
    gazette.publishes((f"Update: {IN_FORCE[0]}", IN_FORCE[1]))
    gazette.checks(source)
    first, second = Finding.objects.order_by("pk")
    assert (first.same_story_as, second.same_story_as) == (None, first)


def test_what_an_editor_excluded_from_a_source_is_not_ranked_either(story: Story, gazette: Gazette) -> None:
    source, watermarks = gazette.source(), story.opened(**WATERMARKS)
    save_watch(watch=watch_of(watermarks, source, exclusions=["providers"]), at=START, by=story.editor)
    gazette.publishes(IN_FORCE)
    gazette.checks(source)
    assert not Finding.objects.exists()


def test_a_watch_goes_before_the_ranking(story: Story, gazette: Gazette) -> None:
    source, watermarks = gazette.source(), story.opened(**WATERMARKS)
    save_watch(watch=watch_of(watermarks, source), at=START, by=story.editor)
    gazette.publishes(IN_FORCE)
    gazette.checks(source)
    assert Finding.objects.get().found_by == "watch"


def test_a_source_may_be_for_its_watches_only(story: Story, gazette: Gazette) -> None:
    source, _ = gazette.source(search_all=False), story.opened(**WATERMARKS)
    gazette.publishes(IN_FORCE)
    gazette.checks(source)
    assert not Finding.objects.exists()


def test_twenty_a_day_are_shown_of_one_prediction(story: Story, gazette: Gazette) -> None:
    source, _ = gazette.source(), story.opened(**WATERMARKS)
    for number in range(25):
        gazette.publishes((f"{IN_FORCE[0]} in province {number}", f"{IN_FORCE[1]} Clause {number} follows."))
    gazette.checks(source)
    assert Finding.objects.count() == 20
    gazette.publishes((f"{IN_FORCE[0]} at last", IN_FORCE[1]))
    gazette.checks(source)
    assert Finding.objects.count() == 20


def test_another_country_and_a_late_item_carry_warnings(story: Story, gazette: Gazette) -> None:
    early = {**WATERMARKS, "resolves_by": dt.datetime(2026, 8, 31, tzinfo=dt.UTC)}
    source, watermarks = gazette.source(), story.opened(**early)
    save_watch(watch=watch_of(watermarks, source, groups=[["watermarks"]]), at=START, by=story.editor)
    gazette.publishes(("India requires watermarks", "India's regulation on watermarks is in force."))
    gazette.checks(source)
    finding = Finding.objects.get()
    assert finding.warnings[0].startswith("another place: it names india, the prediction china")
    assert finding.warnings[-1] == "late: published 2026-09-05, after the deadline 2026-08-31"


def test_the_words_that_passed_are_counted_once_each(story: Story, gazette: Gazette) -> None:
    source = gazette.source()
    for news in (FOOTBALL, IN_FORCE):
        gazette.publishes(news)
    for _ in range(2):
        gazette.checks(source)
    counts = dict(WordCount.objects.values_list("term", "items"))
    assert (counts[WordCount.ALL], counts["china"], counts["goal"]) == (2, 1, 1)
    assert open_index.word_frequencies().counts["goal"] >= 1


def test_a_changed_statement_is_ranked_by_its_new_words(story: Story, gazette: Gazette) -> None:
    source, chips = gazette.source(), story.opened(**CHIPS)
    gazette.publishes(FOOTBALL)
    gazette.checks(source)
    changes = {"statement": WATERMARKS["statement"], "criteria": WATERMARKS["criteria"]}
    story.amends(chips, changes, reason="the wrong draft was opened")
    gazette.publishes(IN_FORCE)
    gazette.checks(source)
    assert Finding.objects.get().prediction == chips


def test_readers_see_a_ranked_item_once_an_editor_took_it(story: Story, gazette: Gazette, client: Any) -> None:
    source, watermarks = gazette.source(), story.opened(**WATERMARKS)
    gazette.publishes(IN_FORCE)
    gazette.checks(source)
    page = f"/predictions/{watermarks.slug}/"
    assert "takes effect" not in client.get(page).content.decode()
    review_finding(finding=Finding.objects.get(), review="accepted", at=timezone.now(), by=story.editor)
    assert "takes effect" in client.get(page).content.decode()


def test_the_desk_shows_a_story_once_and_says_how_many_told_it(story: Story, gazette: Gazette) -> None:
    story.opened(**WATERMARKS)
    for outlet in ("gazette", "herald"):
        source = gazette.source(outlet)
        gazette.publishes((f"{IN_FORCE[0]}, says {outlet}", IN_FORCE[1]), outlet)
        gazette.checks(source)
    pile = next(pile for pile in desk(timezone.now()).sections if pile.name == "Evidence waiting")
    assert (pile.count, pile.lines[0].note[:16]) == (1, "2 outlets, for: ")
    first, second = (reverse("admin:forecasts_finding_change", args=[row.pk]) for row in Finding.objects.order_by("pk"))
    assert second in Desk(story.editor).get(first).content.decode()
    assert first in Desk(story.editor).get(second).content.decode()


def test_a_source_that_was_given_up_is_tried_again_with_one_click(story: Story, gazette: Gazette) -> None:
    source = gazette.source()
    gazette.server.routes["/gazette.xml"] = response(b"", status="410 Gone")
    gazette.checks(source)
    source.refresh_from_db()
    assert source.paused
    gazette.publishes(FOOTBALL)
    Desk(story.editor).do(source, "again")
    source.refresh_from_db()
    assert (source.paused, source.failure_count) == (False, 0)
    gazette.checks(source)
    source.refresh_from_db()
    assert source.last_good_check_at


def test_a_watch_made_today_sees_what_stands_in_a_feed_that_has_not_changed(story: Story, gazette: Gazette) -> None:
    source = gazette.source(search_all=False)
    gazette.publishes(IN_FORCE)
    gazette.checks(source)
    watermarks = story.opened(**WATERMARKS)
    save_watch(watch=watch_of(watermarks, source), at=timezone.now(), by=story.editor)
    gazette.checks(source)
    assert Finding.objects.get().found_by == "watch"


def test_a_watch_over_other_words_lets_silence_wait_until_all_was_read_anew(story: Story, gazette: Gazette) -> None:
    source, prediction = gazette.source(search_all=False), story.opened()
    watch = watch_of(prediction, source, groups=[["unicorns"]])
    save_watch(watch=watch, at=START, by=story.editor)
    gazette.publishes(FOOTBALL)
    gazette.checks(source)
    save_watch(watch=watch, at=timezone.now(), by=story.editor)
    assert not assess_silence(prediction, timezone.now())
    gazette.checks(source)
    assert assess_silence(prediction, timezone.now())


def test_what_confirms_is_never_folded_under_what_does_not(story: Story, gazette: Gazette) -> None:
    prediction = story.opened(**WATERMARKS)
    first, second = gazette.source("gazette"), gazette.source("herald")
    confirming = watch_of(prediction, second, confirms=[["into force"]])
    save_watch(watch=confirming, at=START, by=story.editor)
    gazette.publishes(IN_FORCE, "gazette")
    gazette.checks(first)
    review_finding(finding=Finding.objects.get(), review="dismissed", at=timezone.now(), by=story.editor)
    gazette.publishes((f"Herald: {IN_FORCE[0]}", IN_FORCE[1]), "herald")
    gazette.checks(second)
    found = Finding.objects.latest("pk")
    assert (found.stance, found.same_story_as) == ("supports_yes", None)
    pile = next(pile for pile in desk(timezone.now()).sections if pile.name == "Evidence waiting")
    assert pile.count == 1


def test_a_ranking_that_breaks_costs_no_watched_evidence(
    story: Story, gazette: Gazette, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("no weights")

    monkeypatch.setattr(matching, "open_index", breaks)
    source, watermarks = gazette.source(), story.opened(**WATERMARKS)
    save_watch(watch=watch_of(watermarks, source), at=START, by=story.editor)
    gazette.publishes(IN_FORCE)
    gazette.checks(source)
    assert Finding.objects.get().found_by == "watch"


def test_the_ledger_tells_readers_nothing_of_a_guess(story: Story, gazette: Gazette, client: Any) -> None:
    source, _ = gazette.source(), story.opened(**WATERMARKS)
    gazette.publishes(IN_FORCE)
    gazette.checks(source)

    def status() -> str:
        rows = client.get("/api/v1/ledger/entries?limit=200").json()["results"]
        return next(row["content_status"] for row in rows if row["kind"] == "findings.recorded")

    assert status() == "withheld"
    review_finding(finding=Finding.objects.get(), review="accepted", at=timezone.now(), by=story.editor)
    assert status() == "public"
