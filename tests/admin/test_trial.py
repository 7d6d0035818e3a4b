"""A test fetch on a source's page: a real fetch from a server on loopback, a preview, and nothing that is saved."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forecasts.actions import begin_trial, check_now, end_visit, save_source, save_watch
from forecasts.admin.specs import SPECS
from forecasts.evidence.sources import KINDS, source_kind
from forecasts.jobs import check, trial
from forecasts.jobs.trial import try_source
from forecasts.models import EvidenceSource, HostGate, Prediction, Watch
from tests.evidence.server import Net, Server, redirect, response
from tests.journeys.desk import Desk
from tests.refusals import everything
from tests.story import START, Story, make_user

FEED = """<rss version="2.0"><channel><title>Gazette</title>
<item><title>Ruritania adopts the binding watermarking rule &lt;b&gt;</title><link>http://gazette.test/1</link>
<description>The authority of Ruritania adopted the binding watermarking rule on Tuesday, it said.</description>
<pubDate>Tue, 03 Feb 2026 10:00:00 GMT</pubDate></item>
<item><title>Potatoes are cheap</title><link>javascript:alert(1)</link><description>They are.</description></item>
</channel></rss>"""
XML = "Content-Type: application/rss+xml; charset=utf-8"
ADD = "admin:forecasts_evidencesource_add"
CHANGE = "admin:forecasts_evidencesource_change"


@dataclass
class Site:
    server: Server
    url: str

    def shows(self, path: str, text: str, *headers: str) -> str:
        self.server.routes[path] = response(text.encode(), *headers)
        return self.url + path


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Site]:
    with Server() as server:
        net, real = Net(server), trial.fetch
        net.names["gazette.test"] = [["127.0.0.1"]]
        net.names["inside.test"] = [["10.0.0.1"]]
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [f"gazette.test:{server.port}"]
        for module in (trial, check):
            monkeypatch.setattr(module, "fetch", lambda *given: real(*given, resolve=net.resolve, dial=net.dial))
        yield Site(server, f"http://gazette.test:{server.port}")


def form(url: str, kind: str = "feed", **given: Any) -> dict[str, Any]:
    spec = json.dumps(given.pop("spec", {}))
    fixed = {"title": "Gazette", "weight": 1, "interval": 3600, "shortest_interval": 900, "search_all": "on"}
    return {**fixed, "kind": kind, "url": url, "spec": spec, **given}


def press(desk: Desk, page: str, **given: Any) -> str:
    answer = desk.try_to(page, _test="Test fetch", **given)
    assert answer.status_code == 200
    return answer.content.decode()


def preview(story: Story, url: str, kind: str = "feed", **given: Any) -> str:
    """The page that follows a test fetch on the form for a new source, which saved nothing."""
    desk = Desk(story.editor)
    before = everything()
    page = press(desk, reverse(ADD), **form(url, kind, **given))
    assert not EvidenceSource.objects.exists()
    changed = {name for name, rows in everything().items() if rows != before.get(name)}
    assert changed <= {f"forecasts.{name}" for name in ("HostGate", "Heartbeat", "RobotsFile")}  # what keeps us polite
    return page


def kept(story: Story, url: str, kind: str = "feed", **given: Any) -> EvidenceSource:
    source = EvidenceSource(title="Gazette", kind=kind, url=url, **given)
    return save_source(source=source, at=START, by=story.editor)


def watched(story: Story, source: EvidenceSource, **how: Any) -> Prediction:
    prediction = story.opened()
    watch = Watch(prediction=prediction, source=source, **(how or {"groups": [["watermarking"], ["Ruritania"]]}))
    save_watch(watch=watch, at=START, by=story.editor)
    return prediction


def test_it_works(story: Story, site: Site) -> None:
    story.opened()
    page = preview(story, site.shows("/feed", FEED, XML))
    assert "Test fetch: it worked" in page
    assert "2 items:" in page
    assert "2026-02-03 10:00 UTC, as the source says" in page
    assert "undated" in page
    assert 'href="http://gazette.test/1"' in page
    assert "application/rss+xml, utf-8" in page
    assert "<mark>" in page  # the ranking finds it, for no prediction is watched
    assert "javascript:alert" not in page
    assert "rule &lt;b&gt;" in page
    assert "<b></title>" not in page
    assert 'value="Gazette"' in page  # the form as it was sent


def test_the_watches_of_a_source_are_asked_with_its_unsaved_values(story: Story, site: Site) -> None:
    source = kept(story, site.shows("/old", FEED.replace("Ruritania", "Borduria"), XML), search_all=False)
    prediction = watched(story, source)
    before = EvidenceSource.objects.values().get()
    page = reverse(CHANGE, args=[source.pk])
    desk = Desk(story.editor)
    assert "Nothing.</p>" in press(desk, page, **form(source.url, search_all=""))
    answer = press(desk, page, **form(site.shows("/new", FEED, XML), search_all=""))
    assert reverse("admin:forecasts_prediction_change", args=[prediction.pk]) in answer
    assert "watch groups" in answer
    assert "warnings" not in answer
    assert EvidenceSource.objects.values().get() == before


def test_it_finds_what_a_check_then_finds_and_says_what_is_kept(story: Story, site: Site) -> None:
    source = kept(story, site.shows("/feed", FEED, XML))
    prediction = watched(story, source)
    previewed = try_source(source, story.editor)
    assert [match.is_known for match in previewed.matches] == [False]
    check_now(source=source, at=timezone.now(), by=story.editor)
    source.refresh_from_db()
    check.check_source(source.pk, source.next_check_at)
    found, (shown,) = prediction.findings.get(), [match.finding for match in previewed.matches]
    for name in ("quote", "quote_start", "quote_end", "why", "warnings", "stance", "digest", "reading_order"):
        assert getattr(found, name) == getattr(shown, name), name
    again = try_source(source, story.editor)
    assert [match.is_known for match in again.matches] == [True]
    source.refresh_from_db()
    assert source.last_snapshot is not None
    assert source.checks.count() == 1


def test_a_page_shows_its_watched_text(story: Story, site: Site) -> None:
    site.server.routes["/robots.txt"] = response(b"", status="404 Not Found")
    html = "<html><head><title>G</title></head><body><main><p>The rule is <i>out</i>, &lt;they&gt; say.</p></main><p>ad"
    page = preview(story, site.shows("/page", html, "Content-Type: text/html"), "page", spec={"select": "main"})
    assert 'aria-label="Text">The rule is out, &lt;they&gt; say.</pre>' in page
    page = preview(story, f"{site.url}/page", "page", spec={"select": "article"})
    assert "Nothing on the page matches the selector" in page
    assert 'Look at <a href="#id_spec">Spec</a>' in page


def test_a_series_shows_its_last_values_with_their_periods(story: Story, site: Site) -> None:
    rows = "\n".join(f"2025-{month:02},{month}.5" for month in range(1, 13))
    url = site.shows("/a.csv", f"date,value\n2024-12,0.5\n{rows}\n", "Content-Type: text/csv")
    page = preview(story, url, "data_series", spec={"format": "csv", "freq": "month"})
    assert "13 values; the last 12:" in page
    assert "<td>2025-12-01</td><td>2025-12-31</td><td>12.5</td>" in page
    assert "<td>0.5</td>" not in page
    wrong = preview(story, url, "data_series", spec={"format": "csv", "freq": "month", "value": "rate"})
    assert 'Look at <a href="#id_spec">Spec</a>' in wrong


def test_a_rule_over_a_series_shows_whom_a_value_concerns(story: Story, site: Site) -> None:
    spec = {"format": "csv", "freq": "month"}
    source = kept(story, site.shows("/a.csv", "date,value\n2026-05,4.5\n"), "data_series", spec=spec)
    rule = {"when": {"mode": "on", "from": "2026-05-01"}, "op": ">", "threshold": "5"}
    watched(story, source, rule=rule)
    page = press(Desk(story.editor), reverse(CHANGE, args=[source.pk]), **form(source.url, "data_series", spec=spec))
    assert "<mark>2026-05 4.5</mark>" in page
    assert "a value of a series" in page


def test_a_market_shows_its_price_and_what_it_says_of_the_outcome(story: Story, site: Site) -> None:
    spec = {"probability": "p", "outcome": "o", "yes": ["YES"], "no": ["NO"]}
    page = preview(story, site.shows("/open", '{"p": 0.63, "o": null}'), "market", spec=spec)
    assert "Probability: <b>0.63</b>" in page
    assert "the market says nothing of it yet" in page
    page = preview(story, site.shows("/closed", '{"p": 1, "o": "NO"}'), "market", spec=spec)
    assert "The market says NO" in page
    assert "a hint, no decision" in page


@pytest.mark.parametrize(
    ("route", "kind", "said", "field"),
    [
        (response(b"", status="404 Not Found"), "feed", "answered 404; 200 is expected", "url"),
        (response(b"<html><title>Sign up</title>"), "feed", "got HTML titled", "kind"),
        (response(b"<html>"), "market", "expected JSON; got HTML or XML", "url"),
        (redirect("http://inside.test/"), "feed", "inside.test", "url"),
        (response(b"0" * 3_000_000), "feed", "", "url"),
    ],
    ids=["404", "html", "no json", "inwards", "too large"],
)
def test_what_went_wrong_is_one_sentence_and_the_field_to_change(
    story: Story, site: Site, route: bytes, kind: str, said: str, field: str
) -> None:
    site.server.routes["/x"] = route
    spec = {"probability": "p"} if kind == "market" else {}
    page = preview(story, f"{site.url}/x", kind, spec=spec)
    assert "Test fetch: it did not work" in page
    assert said.lower() in page.lower()
    assert f'<a href="#id_{field}">' in page
    assert "What was read" not in page


def test_robots_are_asked_for_pages(story: Story, site: Site) -> None:
    site.server.routes["/robots.txt"] = response(b"User-agent: *\nDisallow: /\n")
    page = preview(story, site.shows("/page", "<p>Text"), "page")
    assert "may not be read by robots" in page
    assert not any("GET /page" in asked for asked in site.server.asked)


@pytest.mark.parametrize(
    ("kind", "spec", "said"),
    [
        ("feed", {"text": "all"}, "spec.text: &#x27;all&#x27; is not accepted; give one of content, summary, title"),
        ("market", {"price": "p"}, "spec.probability"),
        ("page", {"drop": ["##"]}, "spec.drop[0]"),
        ("feed", [1], "Give a JSON object"),
    ],
)
def test_what_is_wrong_with_a_spec_stands_beside_it_and_nothing_is_fetched(
    story: Story, site: Site, kind: str, spec: Any, said: str
) -> None:
    desk = Desk(story.editor)
    for button in ("_test", "_save"):
        answer = desk.try_to(reverse(ADD), **form(f"{site.url}/x", kind, spec=spec), **{button: "x"})
        errors = str(answer.context["adminform"].form.errors["spec"])
        assert said in errors
    assert site.server.asked == []


def test_what_the_form_itself_refuses_is_not_fetched(story: Story, site: Site) -> None:
    page = press(Desk(story.editor), reverse(ADD), **form("no address"))
    assert "Enter a valid URL" in page
    assert 'id="trial"' not in page


def test_a_host_is_asked_again_only_after_its_pause(story: Story, site: Site, settings: Any) -> None:
    settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [site.url.removeprefix("http://").upper()]  # allowed, but not by its gate
    url = site.shows("/feed", FEED, XML)
    assert "it worked" in preview(story, url)
    page = preview(story, url)
    assert "was asked a moment ago; try again in 5 seconds" in page
    assert len(site.server.asked) == 1
    gate = HostGate.objects.get()
    assert gate.lease_id is None


def test_one_at_a_time_here_and_for_each_person(story: Story, site: Site) -> None:
    url = site.shows("/feed", FEED, XML)
    with trial._one_here:
        assert "Another test fetch is under way here" in preview(story, url)
    source = EvidenceSource(title="Gazette", url=url)
    lease, other = uuid.uuid4(), make_user("other", "Operators")
    begin_trial(source=source, lease=lease, at=timezone.now(), by=story.editor)
    assert "your last fetch is still under way" in try_source(source, story.editor).error
    assert "is being asked at this moment" in try_source(source, other).error
    assert site.server.asked == []
    end_visit(url=source.url, lease=lease, at=timezone.now(), by=story.editor)
    assert try_source(source, other).error == try_source(source, story.editor).error == ""


def test_only_those_who_operate_sources_may(story: Story, site: Site) -> None:
    source = kept(story, site.shows("/feed", FEED, XML))
    plain = Desk(make_user("plain", "Editors"))
    for page in (reverse(ADD), reverse(CHANGE, args=[source.pk])):
        assert plain.try_to(page, _test="x", **form(source.url)).status_code == 403
    assert "Test fetch" not in plain.get(reverse(CHANGE, args=[source.pk])).content.decode()
    assert site.server.asked == []


def test_many_items_cost_no_more_questions(story: Story, site: Site) -> None:
    source = kept(story, f"{site.url}/feed", search_all=False)
    item = FEED[FEED.index("<item>") : FEED.index("</item>") + 7]

    def asked(count: int) -> int:
        many = "".join(item.replace("Tuesday", f"day {n}") for n in range(count))
        site.shows("/feed", f'<rss version="2.0"><channel>{many}</channel></rss>', XML)
        with CaptureQueriesContext(connection) as captured:
            assert try_source(source, story.editor).matched == min(count, trial.MATCHED_ITEMS)
        return len(captured)

    watched(story, source)
    asked(1)  # the rows of host and person are made
    assert asked(2) == asked(150)


def test_the_help_of_each_kind_has_its_keys_and_an_example_that_is_accepted(story: Story) -> None:
    page = Desk(story.editor).get(reverse(ADD)).content.decode()
    assert set(SPECS) == set(KINDS)
    for kind, (keys, example) in SPECS.items():
        spec = source_kind(kind).spec(example)
        assert set(keys) == {field.name for field in fields(spec)}
        assert all(f"<dt><code>{key}</code></dt>" in page for key in keys)
    assert page.count('class="spec-help"') == len(KINDS)


def test_the_web_process_starts_without_the_parsers_of_pages() -> None:
    heavy = ("trafilatura", "selectolax", "lxml", "onnxruntime")
    script = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'project.settings'; import project.wsgi\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        f"assert 'forecasts.admin.sources' in sys.modules; print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
