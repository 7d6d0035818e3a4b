"""The article behind an item: read once, politely, and quoted beside the item for the same prediction."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from forecasts.actions import action, check_now, review_finding, save_source, save_watch
from forecasts.actions.follow_link import TRIES
from forecasts.jobs import articles, check, web_page
from forecasts.jobs.articles import due_articles, read_article
from forecasts.jobs.assess import assess_silence
from forecasts.jobs.check import check_source
from forecasts.models import (
    EvidenceSource,
    Finding,
    HostGate,
    LedgerEntry,
    LinkedArticle,
    Prediction,
    Snapshot,
    Watch,
)
from tests.evidence.server import Handler, Net, Server, redirect, response
from tests.journeys.desk import Desk
from tests.story import START, Story

HTML = "Content-Type: text/html; charset=utf-8"
SENTENCE = "On Tuesday the authority of Ruritania adopted the binding watermarking rule by six votes to one."
ARTICLE = f"""<html><head><title>The rule in full</title></head><body><article><h1>The rule in full</h1>
<p>The members of the authority had met since the morning, and the corridors were full of people.</p>
<p>{SENTENCE}</p>
<p>It enters into force twenty days after its publication in the official gazette of the country.</p>
</article></body></html>"""
LOGIN = "<html><title>Sign in</title><body><form>Sign in <input type='password'></form></body></html>"


@dataclass
class Press:
    """A feed of one item at `feed.test`, whose article is at `news.test`, on a server that does as told."""

    story: Story
    server: Server
    net: Net

    @property
    def link(self) -> str:
        return f"http://news.test:{self.server.port}/a"

    def source(self, **fields: Any) -> EvidenceSource:
        url = f"http://feed.test:{self.server.port}/feed"
        given = {"follow_links": True, "next_check_at": START, "title": "Wire", "url": url, **fields}
        return save_source(source=EvidenceSource(**given), at=START, by=self.story.editor)

    def watched(self, source: EvidenceSource, **terms: Any) -> Prediction:
        prediction = self.story.opened()
        watch = Watch(prediction=prediction, source=source, **{"groups": [["Ruritania"]], **terms})
        save_watch(watch=watch, at=START, by=self.story.editor)
        return prediction

    def tells(self, text: str = "Ruritania votes.", link: str = "") -> None:
        item = f"<item><guid>1</guid><title>A vote</title><description>{text}</description><link>{link or self.link}</link></item>"  # noqa: E501 -- one item on one line
        self.server.routes["/feed"] = response(
            f"<rss version='2.0'><channel><title>W</title>{item}</channel></rss>".encode()
        )

    def answers(self, article: bytes | Handler | str = ARTICLE) -> None:
        self.server.routes["/a"] = response(article.encode(), HTML) if isinstance(article, str) else article

    def checks(self) -> Finding:
        """Check the source and return what was found first."""
        row = EvidenceSource.objects.get()
        check_now(source=row, at=timezone.now(), by=self.story.editor)
        row.refresh_from_db()
        assert check_source(row.pk, row.next_check_at)
        return Finding.objects.earliest("pk")

    def reads(self) -> list[bool]:
        return [read_article(row.link_id, row.due_at) for row in due_articles(timezone.now(), per_host=100)]

    def asked(self, path: str) -> int:
        return sum(f"GET {path} " in asked for asked in self.server.asked)


@pytest.fixture
def press(story: Story, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Press]:
    with Server() as server:
        net = Net(server)
        for module in (check, web_page):
            real = module.fetch
            monkeypatch.setattr(
                module, "fetch", lambda *given, real=real: real(*given, resolve=net.resolve, dial=net.dial)
            )
        for host in ("feed.test", "news.test", "other.test"):
            net.names[host] = [["127.0.0.1"]]
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [f"{host}:{server.port}" for host in net.names]
        server.routes["/robots.txt"] = response(b"", status="404 Not Found")
        press = Press(story, server, net)
        press.tells()
        press.answers()
        yield press


@action
def _make_due(*, done_too: bool = False) -> None:
    rows = LinkedArticle.objects.all() if done_too else LinkedArticle.objects.exclude(next_try_at=None)
    rows.update(next_try_at=START)


def test_it_works(press: Press) -> None:
    prediction = press.watched(press.source())
    item = press.checks()
    assert press.reads() == [True]
    finding = Finding.objects.get(found_by="link")
    assert (finding.prediction, finding.source, finding.same_story_as) == (prediction, item.source, item)
    assert (finding.quote, finding.title, finding.url) == (SENTENCE, "The rule in full", press.link)
    text = finding.snapshot.text
    assert text[finding.quote_start : finding.quote_end] == SENTENCE
    assert (finding.item_start, finding.item_end) == (0, len(text))
    assert storages["snapshots"].exists(finding.snapshot.storage_name)
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == ("findings.recorded", f"link:{item.linked_article.pk}")
    link = LinkedArticle.objects.get()
    assert (link.tries, link.next_try_at, link.error_code, link.lease_id) == (1, None, "", None)
    assert link.read_at == finding.found_at
    assert due_articles(timezone.now()) == []


def test_what_the_article_confirms_counts_as_if_the_item_had_said_it(press: Press) -> None:
    press.watched(press.source(), confirms=[["adopted"]])
    assert press.checks().stance == "related"
    press.reads()
    assert Finding.objects.get(found_by="link").stance == "supports_yes"


def test_an_article_without_the_watched_words_is_quoted_where_it_comes_nearest(press: Press) -> None:
    press.watched(press.source(), groups=[["Ruritania"], ["votes", "voting"]])
    press.answers(ARTICLE.replace("by six votes to one", "in the evening"))
    press.checks()
    press.reads()
    finding = Finding.objects.get(found_by="link")
    assert "of Ruritania adopted" in finding.quote
    assert finding.stance == "related"


def test_an_article_with_a_word_that_the_editor_excludes_adds_nothing(press: Press) -> None:
    press.watched(press.source(search_all=False), exclusions=["gazette"])
    press.checks()
    assert press.reads() == [True]
    assert Finding.objects.count() == 1


def test_a_source_that_does_not_follow_queues_nothing(press: Press) -> None:
    press.watched(press.source(follow_links=False))
    press.checks()
    assert not LinkedArticle.objects.exists()


def test_an_item_of_a_page_is_the_page_itself(press: Press) -> None:
    press.watched(press.source(kind="page", url=press.link))
    press.checks()
    assert not LinkedArticle.objects.exists()


def test_an_article_that_says_what_the_item_said_adds_nothing(press: Press) -> None:
    press.watched(press.source())
    press.answers(f"<html><body><article><p>{SENTENCE}</p></article></body></html>")
    press.tells(SENTENCE)
    item = press.checks()
    _whole_item(item=item)
    assert press.reads() == [True]
    assert Finding.objects.count() == Snapshot.objects.count() == 1
    assert LinkedArticle.objects.get().read_at


@action
def _whole_item(*, item: Finding) -> None:
    Finding.objects.filter(pk=item.pk).update(item_start=0, item_end=len(item.snapshot.text))


def test_one_reading_serves_every_prediction_that_the_item_concerns(press: Press) -> None:
    source = press.source()
    for _ in range(3):
        press.watched(source)
    press.checks()
    assert press.reads() == [True, False, False]
    assert press.asked("/a") == 1
    assert Finding.objects.filter(found_by="link").values("prediction").distinct().count() == 3
    assert not LinkedArticle.objects.filter(read_at=None).exists()


def test_the_article_of_an_article_is_not_read(press: Press) -> None:
    press.watched(press.source())
    press.checks()
    press.reads()
    assert LinkedArticle.objects.count() == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (response(b"", status="404 Not Found"), "http_status"),
        (response(b"", status="410 Gone"), "gone"),
        (response(LOGIN.encode(), HTML), "login_wall"),
        (response(b"%PDF-1.7", "Content-Type: application/pdf"), "not_a_page"),
        (redirect("http://169.254.169.254/latest"), "address"),
        (redirect("ftp://news.test/a"), "scheme"),
    ],
    ids=["404", "410", "login", "pdf", "metadata", "ftp"],
)
def test_what_cannot_get_better_ends_at_once_with_its_reason(press: Press, answer: bytes, code: str) -> None:
    press.watched(press.source())
    press.answers(answer)
    press.checks()
    assert press.reads() == [True]
    link = LinkedArticle.objects.get()
    assert (link.error_code, link.next_try_at, link.read_at, link.tries) == (code, None, None, 1)
    assert link.error
    assert Finding.objects.count() == 1


@pytest.mark.parametrize("host", ["news.test", "other.test"], ids=["asked", "sent on to"])
def test_where_robots_are_asked_to_stay_away_nothing_is_kept(press: Press, host: str) -> None:
    press.watched(press.source())
    if host == "other.test":
        press.answers(redirect(f"http://other.test:{press.server.port}/b"))
        press.server.routes["/b"] = response(ARTICLE.encode(), HTML)
    plain, closed = press.server.routes["/robots.txt"], response(b"User-agent: *\nDisallow: /a\nDisallow: /b\n")

    def robots(connection: Any) -> None:
        connection.sendall(closed if f"Host: {host}" in press.server.asked[-1] else plain)

    press.server.routes["/robots.txt"] = robots
    press.checks()
    press.reads()
    link = LinkedArticle.objects.get()
    assert (link.error_code, link.next_try_at) == ("robots", None)
    assert press.asked("/a") == (host == "other.test")
    assert Finding.objects.count() == Snapshot.objects.count() == 1


def test_what_may_get_better_is_tried_three_times_and_not_too_soon(press: Press) -> None:
    press.watched(press.source())
    press.answers(response(b"", "Retry-After: 7200", status="503 Later"))
    press.checks()
    for tries in range(1, TRIES + 1):
        now = timezone.now()
        assert press.reads() == [True]
        link = LinkedArticle.objects.get()
        assert (link.tries, link.error_code) == (tries, "http_status")
        if tries < TRIES:
            assert link.next_try_at
            assert link.next_try_at >= now + dt.timedelta(hours=2)
            assert press.reads() == []
            _make_due()
    assert link.next_try_at is None
    assert "answered 503" in link.error


def test_a_later_try_forgets_the_error_of_an_earlier_one(press: Press) -> None:
    press.watched(press.source())
    press.answers(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<html>"))
    press.checks()
    press.reads()
    assert LinkedArticle.objects.get().error_code in ("protocol", "truncated", "connect")
    press.answers()
    _make_due()
    press.reads()
    link = LinkedArticle.objects.get()
    assert (link.error_code, link.error, link.tries) == ("", "", 2)
    assert Finding.objects.filter(found_by="link").count() == 1


def test_a_full_disk_here_does_not_count_against_the_article(press: Press, settings: Any, tmp_path: Path) -> None:
    press.watched(press.source())
    press.checks()
    folder: Path = settings.STORAGES["snapshots"]["OPTIONS"]["location"]
    away = folder.rename(tmp_path / "away")
    folder.write_text("a file where the folder should be")
    for _ in range(TRIES + 1):
        press.reads()
        _make_due()
    link = LinkedArticle.objects.get()
    assert (link.tries, link.error_code) == (0, "snapshot_store")
    folder.unlink()
    away.rename(folder)
    press.reads()
    assert Finding.objects.filter(found_by="link").count() == 1


def test_a_reading_that_breaks_off_every_time_is_given_up(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    press.watched(press.source())
    press.checks()

    def broken(*given: Any) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(articles, "_look", broken)
    for _ in range(TRIES):
        with pytest.raises(KeyError):
            press.reads()
    assert press.reads() == [False]
    link = LinkedArticle.objects.get()
    assert (link.error_code, link.next_try_at, link.lease_id) == ("broke_off", None, None)
    assert not HostGate.objects.filter(lease_id__isnull=False).exists()


def test_a_host_has_its_pause_between_two_articles(press: Press, settings: Any) -> None:
    """The host is no private one of ours here, so it has a gap; the dialler still leads to loopback."""
    press.watched(press.source())
    settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [f"feed.test:{press.server.port}"]
    press.net.names["news.test"] = [["93.184.216.34"]]
    press.tells(link="http://news.test/a")
    press.checks()
    [due] = due_articles(timezone.now())
    assert press.reads() == [True]
    gate = HostGate.objects.get(host="news.test")
    assert gate.free_at > timezone.now()
    _make_due(done_too=True)
    assert due_articles(timezone.now()) == []
    assert read_article(due.link_id, START) is False
    assert press.asked("/a") == 1


def test_a_finding_says_what_became_of_its_link(press: Press) -> None:
    press.watched(press.source())
    item = press.checks()

    def told() -> str:
        url = reverse("admin:forecasts_finding_change", args=[item.pk])
        return Desk(press.story.editor).get(url).content.decode()

    assert "to be read from" in told()
    press.answers(response(b"", status="503 Later"))
    press.reads()
    assert "the last try failed, http_status: " in told()
    press.answers()
    _make_due()
    press.reads()
    assert f"it is finding {Finding.objects.get(found_by='link').pk}" in told()


def test_two_items_that_lead_to_one_article_keep_it_once(press: Press) -> None:
    press.watched(press.source())
    press.checks()
    press.tells("Ruritania votes, and the hall is full.")
    press.checks()
    press.reads()
    assert Finding.objects.filter(found_by="link").count() == 1
    assert set(LinkedArticle.objects.values_list("error_code", flat=True)) == {""}


def test_an_article_is_as_public_as_the_item_that_led_to_it(press: Press) -> None:
    press.watched(press.source())
    press.checks()
    press.reads()
    assert Finding.objects.public().count() == 2
    item = Finding.objects.exclude(found_by="link").get()
    review_finding(finding=item, review="dismissed", at=timezone.now(), by=press.story.editor)
    assert not Finding.objects.public().exists()
    article = Finding.objects.get(found_by="link")
    review_finding(finding=article, review="accepted", at=timezone.now(), by=press.story.editor)
    assert list(Finding.objects.public()) == [article]


def test_silence_waits_for_an_article_that_is_still_to_be_read(press: Press) -> None:
    """The story's deadline is long over, so the check of today lies behind it."""
    prediction = press.watched(press.source(search_all=False))
    press.checks()
    assert not assess_silence(prediction, timezone.now())
    press.answers("<html><body><article><p>There is nothing to be read here today.</p></article></body></html>")
    press.reads()
    assert assess_silence(prediction, timezone.now())
