"""Pages are kept in memory until something that they follow from changes: never a number longer than it is true."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.test import Client
from django.utils import translation

from forecasts.actions import action, merge_forecasters, open_dispute, save_reference, save_source, save_watch
from forecasts.models import EvidenceSource, Prediction, Watch
from forecasts.web.page import PAGES
from project.settings import CACHES
from tests.story import DAY, DEADLINE, START, Story
from tests.web.conftest import Clock
from tests.web.test_article import archived

pytestmark = pytest.mark.django_db
LATER = DEADLINE + 100 * DAY
NOW = DEADLINE + 14 * DAY
PAGE = "/forecasters/policy-desk/"


@action
def _checked(*, source: EvidenceSource, at: dt.datetime) -> None:
    EvidenceSource.objects.filter(pk=source.pk).update(last_good_check_at=at)


@pytest.fixture
def prediction(story: Story) -> Prediction:
    """Open, overdue, on a topic and from an article."""
    row = story.opened(topics=[story.topic("gazette")], article=archived(story))
    story.says(row, 0.4)
    story.says(story.opened(resolves_by=LATER), 0.4)
    return row


def changes(story: Story, row: Prediction, clock: Clock) -> Iterator[str]:
    """One thing after another that readers must see, each named when it has been done."""
    yield "nothing yet"
    other = story.forecaster("other")
    story.says(row, 0.9, forecaster=other)
    yield "a forecast"
    story.desk.reply, story.desk.reply_at = "We were misread.", NOW
    save_reference(row=story.desk, at=NOW, by=story.editor)
    yield "a right of reply"
    open_dispute(prediction=row, reason="other", text="The quote is cut.", at=NOW, by="reader")
    yield "an objection"
    story.passes(row)
    story.resolves(row, "yes", known_at=DEADLINE + DAY)
    yield "a resolution"
    story.scores()
    yield "its scores"
    story.stales()
    yield "statistics that wait"
    story.scores()
    yield "statistics"
    story.corrects(row, "no", known_at=DEADLINE + DAY, at=DEADLINE + 3 * DAY)
    story.scores()
    yield "a correction"
    merge_forecasters(forecaster=other, into=story.desk, at=NOW, by=story.editor)
    story.scores()
    yield "a merger"
    story.opened(resolves_by=LATER)
    yield "a prediction"
    clock.now = LATER + DAY
    yield "a deadline that passed"


def test_whatever_changes_is_on_the_page_at_once(
    client: Client, story: Story, prediction: Prediction, clock: Clock
) -> None:
    pages = ("/", "/forecasters/", PAGE, "/topics/gazette/", "/articles/watermarks-are-coming/", "/predictions/")
    pages = (*pages, prediction.get_absolute_url(), "/ledger/", "/recap/2026-W27/", "/year/2026/")
    before: dict[str, tuple[bytes, bytes]] = {}
    for change in changes(story, prediction, clock):
        kept = {page: (client.get(page).content, client.get(page).content) for page in pages}
        caches[PAGES].clear()
        for page, contents in kept.items():
            assert contents == (client.get(page).content,) * 2, (change, page)
        assert kept != before or "statistics" in change, change  # of one prediction these are not shown
        before = kept


def test_a_page_that_nothing_has_changed_is_not_made_again(
    client: Client, prediction: Prediction, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    first = client.get(PAGE)
    with django_assert_max_num_queries(2):  # each: whether anything has changed
        again = client.get(PAGE)
        assert client.get(PAGE, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert (again.status_code, again.content, again["ETag"]) == (200, first.content, first["ETag"])
    assert {name: again[name] for name in again.headers} == {name: first[name] for name in first.headers}


def test_a_prediction_is_kept_until_a_source_is_checked_or_a_day_ends(
    client: Client,
    story: Story,
    prediction: Prediction,
    clock: Clock,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    source = save_source(source=EvidenceSource(title="Feed", url="https://feed.test/"), at=START, by=story.editor)
    save_watch(watch=Watch(prediction=prediction, source=source, groups=[["gazette"]]), at=START, by=story.editor)
    page = prediction.get_absolute_url()
    first = client.get(page)
    with django_assert_max_num_queries(4):  # each: whether anything has changed, and how its sources stand
        again = client.get(page)
        assert client.get(page, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    _checked(source=source, at=clock.now)
    after = client.get(page)
    assert after.content != first.content
    clock.now += DAY
    assert client.get(page)["ETag"] != after["ETag"]


def test_the_recap_of_a_week_is_another_once_it_is_over(client: Client, prediction: Prediction, clock: Clock) -> None:
    clock.now = dt.datetime(2026, 7, 5, 23, 59, tzinfo=dt.UTC)
    assert "/recap/2026-W28/" not in client.get("/recap/2026-W27/").content.decode()
    clock.now += dt.timedelta(minutes=1)
    assert "/recap/2026-W28/" in client.get("/recap/2026-W27/").content.decode()


def test_another_language_has_a_page_of_its_own(client: Client, prediction: Prediction) -> None:
    english = client.get(PAGE)
    with translation.override("de"):
        german = client.get(PAGE)
    assert german["ETag"] != english["ETag"]
    assert client.get(PAGE)["ETag"] == english["ETag"]


def test_a_page_is_the_same_whoever_asks(client: Client, story: Story, prediction: Prediction) -> None:
    pages = ("/", PAGE, "/topics/gazette/", "/articles/watermarks-are-coming/", "/recap/2026-W27/")
    for page in (*pages, prediction.get_absolute_url()):
        client.force_login(story.approver)
        theirs = client.get(page)
        client.logout()
        anonymous = client.get(page)
        caches[PAGES].clear()
        assert theirs.content == anonymous.content == client.get(page).content
        assert "Cookie" not in theirs.get("Vary", "")
        assert not anonymous.cookies


def test_another_host_gets_no_other_page(client: Client, prediction: Prediction, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for page in ("/", PAGE):
        poisoned = client.get(page, headers={"host": "evil.test", "x-forwarded-host": "evil.test"})
        assert b"evil.test" not in poisoned.content
        assert client.get(page).content == poisoned.content


def test_parameters_are_neither_kept_nor_answered_with_what_is(client: Client, prediction: Prediction) -> None:
    client.get("/")
    kept = len(caches[PAGES]._cache)  # type: ignore[attr-defined]
    for query in ("?x=1", "?x=2", "?utm=<script>"):
        assert b"<script>" not in client.get(f"/{query}").content
    pages = [client.get(f"{PAGE}?{query}") for query in ("track=all&cohort=all", "cohort=all&track=all")]
    assert {page.status_code for page in pages} == {200}
    assert client.get(f"{PAGE}?x=1").status_code == 400
    assert len(caches[PAGES]._cache) == kept  # type: ignore[attr-defined]
    assert client.get(PAGE).content != pages[0].content


def test_no_more_pages_are_kept_than_fit() -> None:
    real = CACHES[PAGES]
    assert real["BACKEND"].endswith("LocMemCache")  # which needs no other server, and forgets what was asked for least
    assert real["OPTIONS"]["MAX_ENTRIES"] <= 1000


def test_what_is_refused_or_missing_is_not_kept(client: Client, prediction: Prediction) -> None:
    client.get("/forecasters/nobody/")
    client.get(f"{PAGE}?track=best")
    assert len(caches[PAGES]._cache) == 0  # type: ignore[attr-defined]
