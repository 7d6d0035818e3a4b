"""A page under watch: robots first, the whole page once, then only what is new on it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from forecasts.actions import check_now, save_source, save_watch
from forecasts.jobs import check
from forecasts.jobs.check import check_source
from forecasts.jobs.follow import follow
from forecasts.models import Check, EvidenceSource, Finding, Prediction, RobotsFile, Snapshot, Watch
from tests.evidence.server import Net, Server, redirect, response
from tests.journeys.desk import Desk
from tests.story import START, Story

PAGE = """<html><head><title>Gazette</title></head><body><main>
<p>The authority met on Monday and heard three speakers about the budget of the coming year.</p>{more}
</main></body></html>"""
RULE = "<p>The authority adopted the binding watermarking rule of Ruritania on Tuesday.</p>"
HTML = "Content-Type: text/html; charset=utf-8"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Server]:
    with Server() as found:
        net, real = Net(found), check.fetch
        net.names["gazette.test"] = [["127.0.0.1"]]
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [f"gazette.test:{found.port}"]
        monkeypatch.setattr(check, "fetch", lambda *given: real(*given, resolve=net.resolve, dial=net.dial))
        found.routes["/robots.txt"] = response(b"", status="404 Not Found")
        yield found


def shows(server: Server, more: str = "") -> None:
    server.routes["/news"] = response(PAGE.format(more=more).encode(), HTML)


def watched(story: Story, server: Server) -> Prediction:
    url = f"http://gazette.test:{server.port}/news"
    source = EvidenceSource(kind="page", title="Gazette", url=url, spec={"select": "main"}, next_check_at=START)
    save_source(source=source, at=START, by=story.editor)
    prediction = story.opened()
    watch = Watch(prediction=prediction, source=source, groups=[["watermarking"], ["Ruritania"]])
    save_watch(watch=watch, at=START, by=story.editor)
    return prediction


def looks(story: Story) -> Check:
    row = EvidenceSource.objects.get()
    check_now(source=row, at=timezone.now(), by=story.editor)
    row.refresh_from_db()
    assert check_source(row.pk, row.next_check_at)
    follow()
    return Check.objects.order_by("pk").last() or Check()


def test_what_is_new_on_a_page_is_found_and_stands_in_its_text(story: Story, server: Server) -> None:
    watched(story, server)
    shows(server)
    assert (looks(story).status, Finding.objects.count()) == ("ok", 0)
    shows(server, RULE)
    looks(story)
    assert looks(story).items == 1
    finding = Finding.objects.get()
    assert finding.quote == "The authority adopted the binding watermarking rule of Ruritania on Tuesday."
    assert finding.snapshot.text[finding.quote_start : finding.quote_end] == finding.quote
    assert "met on Monday" in finding.snapshot.text  # the whole page is kept, not only what is new


def test_the_same_page_again_finds_nothing_new(story: Story, server: Server) -> None:
    watched(story, server)
    shows(server, RULE)
    for _ in range(2):
        looks(story)
    assert Finding.objects.count() == 1


def test_where_robots_are_asked_to_stay_away_we_do(story: Story, server: Server) -> None:
    watched(story, server)
    server.routes["/robots.txt"] = response(b"User-agent: *\nDisallow: /news\n")
    shows(server, RULE)
    row = looks(story)
    assert (row.status, row.error_code) == ("refused", "robots")
    assert "robots.txt asks" in row.error
    assert not any("GET /news" in asked for asked in server.asked)
    assert EvidenceSource.objects.get().paused


def test_robots_are_asked_once_a_day(story: Story, server: Server) -> None:
    watched(story, server)
    shows(server)
    for _ in range(2):
        looks(story)
    assert sum("GET /robots.txt" in asked for asked in server.asked) == 1
    assert RobotsFile.objects.get().text == ""


def test_while_robots_txt_cannot_be_read_the_page_is_not_read_either(story: Story, server: Server) -> None:
    watched(story, server)
    server.routes["/robots.txt"] = response(b"", status="503 Later")
    shows(server, RULE)
    row = looks(story)
    assert (row.status, row.error_code) == ("failed", "http_status")
    assert not EvidenceSource.objects.get().paused


def test_a_change_counts_when_two_fetches_in_a_row_show_it(story: Story, server: Server) -> None:
    watched(story, server)
    shows(server)
    good = looks(story).ended_at
    shows(server, RULE)
    once = looks(story)
    assert (once.status, once.items, Finding.objects.count()) == ("seen_once", 0, 0)
    assert once.snapshot is not None  # what was seen is kept
    row = EvidenceSource.objects.get()
    assert row.last_good_check_at == good  # so that silence is not judged on it
    assert (row.next_check_at - once.ended_at).total_seconds() < 1.2 * row.shortest_interval
    again = looks(story)
    assert (again.status, again.items, Finding.objects.count()) == ("ok", 1, 1)


def test_the_desk_shows_what_changed_on_the_page(story: Story, server: Server) -> None:
    watched(story, server)
    shows(server)
    looks(story)
    shows(server, RULE + "<p>Corrected on Wednesday: <b>&lt;script&gt;</b> is a word.</p>")
    for _ in range(2):
        looks(story)
    page = Desk(story.editor).get(reverse("admin:forecasts_finding_change", args=[Finding.objects.get().pk]))
    assert f"<ins>{RULE[3:-4]}</ins>" in page.content.decode()
    assert "&lt;script&gt; is a word.</ins>" in page.content.decode()
    assert "<del>" not in page.content.decode()


def test_a_change_that_is_taken_back_was_none(story: Story, server: Server) -> None:
    watched(story, server)
    for more in ("", RULE, ""):
        shows(server, more)
        looks(story)
    row = EvidenceSource.objects.get()
    assert (row.seen_once, Finding.objects.count(), row.failure_count) == (None, 0, 0)


def test_a_page_that_is_never_twice_the_same_fails_and_says_what_to_do(story: Story, server: Server) -> None:
    watched(story, server)
    for number in range(6):
        shows(server, f"<p>Visitor number {number} is reading this page about watermarking in Ruritania now.</p>")
        assert looks(story).status == ("ok" if number == 0 else "seen_once")
    shows(server, "<p>Visitor number 6 is reading this page about watermarking in Ruritania now.</p>")
    row = looks(story)
    assert (row.status, row.error_code) == ("failed", "never_the_same")
    assert "name a selector" in row.error


def test_where_a_page_has_moved_for_good_is_counted(story: Story, server: Server) -> None:
    watched(story, server)
    shows(server)
    server.routes["/news"], server.routes["/new"] = redirect("/new", "301 Moved"), server.routes["/news"]
    for _ in range(3):
        assert looks(story).status == "ok"
    row = EvidenceSource.objects.get()
    assert (row.moved_to.endswith("/new"), row.moved_count) == (True, 3)
    shows(server)
    looks(story)
    row.refresh_from_db()
    assert (row.moved_to, row.moved_count) == ("", 0)


def test_a_page_that_is_gone_is_left_alone_until_somebody_looks(story: Story, server: Server) -> None:
    watched(story, server)
    server.routes["/news"] = response(b"", status="410 Gone")
    row = looks(story)
    assert (row.status, row.error_code) == ("failed", "gone")
    assert EvidenceSource.objects.get().paused


def test_two_sources_of_one_page_keep_their_own_texts(story: Story, server: Server) -> None:
    watched(story, server)
    shows(server, f"<section id='rules'>{RULE}</section>")
    looks(story)
    url = EvidenceSource.objects.get().url
    other = EvidenceSource(kind="page", title="Rules", url=url, spec={"select": "#rules"}, next_check_at=START)
    save_source(source=other, at=START, by=story.editor)
    assert check_source(other.pk, other.next_check_at)
    texts = {row.title: row.last_snapshot.text for row in EvidenceSource.objects.all() if row.last_snapshot}
    assert texts["Rules"] == RULE[3:-4]
    assert "met on Monday" in texts["Gazette"]
    assert Snapshot.objects.count() == 2


def test_another_selector_is_read_although_the_bytes_are_the_same(story: Story, server: Server) -> None:
    watched(story, server)
    shows(server, f"<section id='rules'>{RULE}</section>")
    looks(story)
    source = EvidenceSource.objects.get()
    source.spec = {"select": "#rules"}
    save_source(source=source, at=START, by=story.editor)
    assert [looks(story).status for _ in range(3)] == ["seen_once", "ok", "ok"]


def test_each_block_of_a_page_is_a_story_of_its_own(story: Story, server: Server) -> None:
    prediction = watched(story, server)
    shows(server)
    looks(story)
    shows(server, RULE)
    for _ in range(2):
        looks(story)
    shows(server, RULE + "<p>In Ruritania the court struck down watermarking duties for small firms today.</p>")
    for _ in range(2):
        looks(story)
    assert list(prediction.findings.values_list("same_story_as", flat=True)) == [None, None]


def test_a_watch_made_later_sees_what_stands_on_the_page(story: Story, server: Server) -> None:
    watched(story, server)
    shows(server, RULE)
    looks(story)
    later = story.opened()
    watch = Watch(prediction=later, source=EvidenceSource.objects.get(), groups=[["watermarking"]])
    save_watch(watch=watch, at=timezone.now(), by=story.editor)
    looks(story)
    assert later.findings.get().snapshot.text.count("watermarking") == 1


def test_headers_that_are_too_long_are_not_kept(story: Story, server: Server) -> None:
    watched(story, server)
    body = PAGE.format(more=RULE).encode()
    kind = "Content-Type: text/html" + "x" * 200
    server.routes["/news"] = response(body, f'ETag: "{"e" * 700}"', f"Last-Modified: {'m' * 300}", kind)
    assert looks(story).status == "ok"
    row = EvidenceSource.objects.get()
    assert (row.etag, row.last_modified, len(Snapshot.objects.get().media_type)) == ("", "", 100)
