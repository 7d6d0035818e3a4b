import uuid
from typing import Any
from xml.etree import ElementTree as Xml

import icalendar
import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.utils import translation

from forecasts.actions import merge_forecasters
from forecasts.evidence.sources.feed import FeedSpec, parse
from forecasts.models import LedgerEntry
from forecasts.queries.recap import recap
from tests.story import DAY, DEADLINE, START, Story
from tests.web.conftest import Clock

pytestmark = pytest.mark.django_db
SPACE = "{http://www.w3.org/2005/Atom}"
ATOM = (
    "/feeds/resolutions.atom", "/feeds/predictions.atom", "/feeds/recap.atom",
    "/feeds/forecasters/policy-desk.atom", "/feeds/topics/rules.atom",
)  # fmt: skip
CALENDARS = ("/feeds/deadlines.ics", "/feeds/forecasters/policy-desk.ics", "/feeds/topics/rules.ics")
EVIL = "<script>alert(1)</script>\r\nEND:VEVENT\u202e"


@pytest.fixture
def site(story: Story, settings: Any) -> Story:
    """A miss, a hit, and one that is open; all of the topic Rules."""
    settings.SITE_URL = "https://reckoner.example"
    rules = story.topic("rules")
    story.settled(0.7, "no", statement="The miss will come by June.", topics=[rules])
    story.settled(0.7, "yes", statement="The hit will come by June.", topics=[rules])
    late = story.opened(statement="The late one will come.", resolves_by=DEADLINE + 99 * DAY, topics=[rules])
    story.says(late, 0.5)
    return story


def titles(client: Client, address: str) -> list[str]:
    return [row.findtext(f"{SPACE}title") or "" for row in feed(client, address).findall(f"{SPACE}entry")]


def feed(client: Client, address: str) -> Xml.Element:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return fromstring(answer.content)


def events(client: Client, address: str) -> list[Any]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_it_works(client: Client, site: Story) -> None:
    assert titles(client, ATOM[0]) == [
        "It happened: The hit will come by June.",
        "It did not happen: The miss will come by June.",
    ]
    assert set(titles(client, ATOM[1])) == {
        "The miss will come by June.", "The hit will come by June.", "The late one will come.",
    }  # fmt: skip
    assert titles(client, ATOM[2]) == ["Recap of week 2026-W27", "Recap of week 2026-W01"]
    for about in ATOM[3:]:
        assert len(titles(client, about)) == 5
    (entry, _) = parse(client.get(ATOM[0]).content, "", FeedSpec())
    assert (entry.published_at, entry.url.startswith("https://reckoner.example/predictions/")) == (DEADLINE + DAY, True)
    assert "Said before: Policy desk: 70 % (hit)." in entry.text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_recap_feed_counts_as_the_recap(client: Client, site: Story) -> None:
    row = site.settled(0.7, "yes")
    row.refresh_from_db()
    site.corrects(row, "no", known_at=DEADLINE + DAY, at=DEADLINE + 2 * DAY)
    assert titles(client, ATOM[0])[0] == f"Corrected: It did not happen: {row.statement}"
    told = [row.findtext(f"{SPACE}summary") for row in feed(client, ATOM[2]).findall(f"{SPACE}entry")]
    week = recap(DEADLINE.replace(month=7, day=6, hour=0, minute=0, second=0))
    assert told[0] == f"Resolved: {week.resolved_count}. Corrected: {week.corrected_count}. New: 0."
    assert told == ["Resolved: 2. Corrected: 1. New: 0.", "Resolved: 0. Corrected: 0. New: 4."]


def test_names_are_the_installations_own_and_do_not_follow_its_address(
    client: Client, site: Story, settings: Any
) -> None:
    def names() -> list[str]:
        return [row.text or "" for row in feed(client, ATOM[1]).iter(f"{SPACE}id")]

    before, uids = names(), [row["UID"] for row in events(client, CALENDARS[0])]
    settings.SITE_URL = "https://moved.example"
    assert (names(), [row["UID"] for row in events(client, CALENDARS[0])]) == (before, uids)
    assert len(set(before)) == len(before) == 4
    first = uuid.UUID(hex=LedgerEntry.objects.get(seq=1).digest[:32])
    late = LedgerEntry.objects.filter(kind="prediction.opened").order_by("-seq")[0].subject.partition(":")[2]
    assert uuid.uuid5(first, f"prediction/{late}").urn in before


def test_times_come_from_the_rows(client: Client, site: Story, clock: Clock) -> None:
    def updated() -> list[str]:
        return [row.text or "" for address in ATOM for row in feed(client, address).iter(f"{SPACE}updated")]

    before, calendar = updated(), client.get(CALENDARS[0]).content
    clock.now += DAY / 2
    assert (updated(), client.get(CALENDARS[0]).content) == (before, calendar)
    assert before[0] == "2026-07-01T23:59:59Z"


def test_changed_criteria_update_an_entry_and_its_event(client: Client, site: Story) -> None:
    row = site.opened(statement="Another one will come by June.")
    before = (titles(client, ATOM[1])[0], events(client, CALENDARS[0])[0]["SEQUENCE"])
    site.amends(row, {"fine_print": "In any language."}, at=START + 3 * DAY, reason="it was asked")
    entry = feed(client, ATOM[1]).find(f"{SPACE}entry")
    assert entry is not None
    assert (entry.findtext(f"{SPACE}published"), entry.findtext(f"{SPACE}updated")) == (
        "2026-01-01T12:00:00Z",
        "2026-01-04T12:00:00Z",
    )
    due = events(client, CALENDARS[0])[0]
    assert before == ("Another one will come by June.", 0)
    assert (due["SEQUENCE"], due["DTSTAMP"].dt) == (1, START + 3 * DAY)


def test_calendars_hold_what_is_not_settled(client: Client, site: Story) -> None:
    for address in CALENDARS:
        assert [str(row["SUMMARY"]) for row in events(client, address)] == ["Due: The late one will come."]
    site.opened(statement="At noon.", resolves_by=START + 9 * DAY, resolves_by_precision="instant")
    noon, late = events(client, CALENDARS[0])
    assert (noon["DTSTART"].dt, late["DTSTART"].dt) == (START + 9 * DAY, (DEADLINE + 99 * DAY).date())


def test_drafts_and_strangers_are_nowhere(client: Client, site: Story) -> None:
    site.draft(statement="A secret draft.")
    site.forecaster("nobody")
    assert all(b"secret" not in client.get(address).content for address in (*ATOM, *CALENDARS))
    for address in ("nobody.atom", "nobody.ics", "no-one.atom", "policy-desk.rss"):
        assert client.get(f"/feeds/forecasters/{address}").status_code == 404
    assert client.get("/feeds/topics/none.atom").status_code == 404


def test_who_was_merged_leads_to_who_stays(client: Client, site: Story) -> None:
    old, new = site.forecaster("old-lab"), site.forecaster("new-lab")
    row = site.opened()
    site.says(row, 0.5, forecaster=old)
    merge_forecasters(forecaster=old, into=new, at=DEADLINE, by=site.editor)
    answer = client.get("/feeds/forecasters/old-lab.atom")
    assert (answer.status_code, answer["Location"]) == (301, "/feeds/forecasters/new-lab.atom")
    assert titles(client, "/feeds/forecasters/new-lab.atom") == [row.statement]


def test_hostile_text_is_only_text(client: Client, site: Story) -> None:
    site.says(site.opened(statement=EVIL, resolves_by=DEADLINE + DAY), 0.5)
    assert titles(client, ATOM[1])[0] == "<script>alert(1)</script>\nEND:VEVENT"
    assert str(events(client, CALENDARS[0])[0]["SUMMARY"]) == "Due: <script>alert(1)</script>\nEND:VEVENT"


@pytest.mark.parametrize("address", [*ATOM, *CALENDARS])
def test_it_answers_304_with_few_queries(
    client: Client, site: Story, django_assert_max_num_queries: Any, address: str
) -> None:
    with django_assert_max_num_queries(7):
        first = client.get(address)
    with django_assert_max_num_queries(3):
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert first["Cache-Control"] == "public, no-cache"
    assert not first.cookies


def test_no_number_or_date_is_in_the_language_of_the_reader(client: Client, site: Story) -> None:
    addresses = (*ATOM, *CALENDARS)
    before = [client.get(address).content for address in addresses]
    with translation.override("de"):
        assert [client.get(address).content for address in addresses] == before
