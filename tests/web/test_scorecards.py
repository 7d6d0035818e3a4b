"""What the scorecards of forecasters, topics and articles share: few queries, and lists that are right however read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from forecasts.models import Article, Forecaster, Prediction, PredictionKind, Topic
from forecasts.queries.article_page import public_articles
from forecasts.queries.denominators import denominators
from forecasts.queries.public import public_forecasters
from forecasts.queries.scope import about
from forecasts.queries.scorecard import Scorecard, Subject, scorecard
from forecasts.queries.scorecard_lists import lists_of
from forecasts.queries.sums import summed
from forecasts.queries.tables import tables_of
from forecasts.web.page import PAGES
from forecasts.web.scorecards import LISTED
from tests.story import DAY, DEADLINE, START, Story
from tests.web.reading import read
from tests.web.test_article import archived

pytestmark = pytest.mark.django_db
LATER = DEADLINE + 100 * DAY
NOW = DEADLINE + 14 * DAY
COUNT = 31
MOST_QUERIES = 8


@pytest.fixture
def everything(story: Story) -> dict[str, Subject]:
    """Settled, open, overdue, early, void and corrected predictions of one forecaster, topic and article."""
    topic, article = story.topic("gazette"), archived(story)
    other = story.forecaster("other")
    place: dict[str, Any] = {"topics": [topic], "article": article}
    for n in range(COUNT):
        row = story.settled(0.7, "yes" if n % 3 else "no", **place)
        if n == 0:
            story.says(story.opened(**place), 0.6, forecaster=other)
    story.says(story.opened(**place), 0.4)
    story.says(story.opened(resolves_by=LATER, **place), 0.4)
    early = story.opened(resolves_by=LATER, **place)
    story.says(early, 0.8)
    story.resolves(early, "yes", known_at=DEADLINE)
    void = story.opened(**place)
    story.says(void, 0.5)
    story.resolves(void, "premise_failed", known_at=START + DAY)
    quote = article.text[: article.text.index(".") + 1]
    story.opened(resolves_by=LATER, quote=quote, quote_start=0, quote_end=len(quote), **place)  # nobody said anything
    story.corrects(row, "yes", known_at=DEADLINE + DAY, at=DEADLINE + 2 * DAY)
    story.scores()
    return {"forecasters": story.desk, "topics": topic, "articles": article}


KINDS = pytest.mark.parametrize("kind", ["forecasters", "topics", "articles"])


def found(everything: dict[str, Subject], kind: str) -> Scorecard:
    return scorecard(everything[kind], NOW)


@KINDS
def test_a_page_asks_eight_queries_at_most(
    client: Client, everything: dict[str, Subject], kind: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    address = everything[kind].get_absolute_url()
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = client.get(address)
    assert answer.status_code == 200
    with django_assert_max_num_queries(2):
        assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(f"/api/v1/scorecards/{kind[:-1]}/{everything[kind].slug}").status_code == 200


@KINDS
def test_every_list_holds_what_belongs_there(everything: dict[str, Subject], kind: str) -> None:
    card = found(everything, kind)
    is_forecaster = kind == "forecasters"
    assert [len(rows) for rows in (card.early, card.due, card.corrections)] == [1, 1, 1]
    assert len(card.overdue) == (1 if is_forecaster else 2)
    assert len(card.predictions) == 30  # the thirty known last; of these at most
    known = [row.known_at for row in card.predictions]
    assert known == sorted(known, key=lambda at: at or START, reverse=True)
    assert card.due[0].said == "40\N{NO-BREAK SPACE}%"
    assert card.due[0].forecaster == "Policy desk"
    assert [row.tick for row in card.surprises] == [7000] * 5
    assert {row.forecaster for row in card.surprises} == {"Policy desk"}
    assert len(card.quoted) == (kind == "articles")
    assert card.headline.bounds.void_no is not None
    assert card.headline.bounds.overdue_no is not None
    (table,) = tables_of(about(everything[kind]))
    assert table.summed() == summed(table.query)


@KINDS
def test_a_page_lists_twelve_of_each_and_leads_to_all(
    client: Client, everything: dict[str, Subject], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forecasts.web.scorecards.LISTED", 1)
    subject = everything[kind]
    page, filter_name = read(client, subject.get_absolute_url()), kind[:-1]
    card = scorecard(subject, timezone.now(), listed=1)
    for name, state in (("due", "due"), ("overdue", "overdue"), ("early", "early"), ("corrections", "corrected")):
        (row,) = getattr(card, name)
        address = f"/predictions/?{filter_name}={subject.slug}&state={state}"
        assert address in page.links
        assert row.url in read(client, address).links
    monkeypatch.undo()
    caches[PAGES].clear()
    assert LISTED == 12
    assert not [link for link in read(client, subject.get_absolute_url()).links if "&state=" in link]


def test_a_list_is_cut_where_it_is_told_to(everything: dict[str, Subject]) -> None:
    for subject in everything.values():
        whole, cut = (scorecard(subject, NOW, listed=listed) for listed in (40, 3))
        for name in ("early", "due", "overdue", "predictions", "corrections"):
            assert getattr(cut, name) == getattr(whole, name)[:3]
    assert len(whole.predictions) > 30


def test_lists_are_the_same_whether_read_through_or_walked(everything: dict[str, Subject], story: Story) -> None:
    for row in Prediction.objects.filter(resolves_by=LATER)[:2]:
        story.says(row, 0.5, forecaster=Forecaster.objects.get(slug="other"), at=row.opens_at)
    subjects = [*Topic.objects.all(), *public_forecasters()]
    assert len(subjects) > 4  # crowds and baselines, too
    for base in map(about, subjects):
        place = denominators(base, 0, NOW).place
        assert place
        assert place.due
        for most in (2, 30, 50):
            walked, read_through = (lists_of(base, replace(place, of=of), NOW, [], most) for of in (0, 10**9))
            assert walked == read_through
        assert walked.due


def test_of_every_kind_an_article_has_the_table_that_its_facts_have(story: Story) -> None:
    article = archived(story)
    other = story.forecaster("other")
    given: dict[str, Any] = {"article": article}
    predictions = [
        (story.choice("a", "b", "c", **given), [0.5, 0.3, 0.2], [0.3, 0.5, 0.2], "a"),
        (story.number("0", "10", **given), {"4": 0.25, "5": 0.5, "6": 0.75}, {"4": 0.2, "6": 0.5}, "5"),
        (story.opened(**given), 0.7, 0.7, "yes"),
    ]
    for row, first, second, outcome in predictions:
        story.says(row, first)
        story.says(row, second, forecaster=other)
        story.passes(row)
        story.resolves(row, outcome, known_at=DEADLINE + DAY)
    story.scores()
    tables = tables_of(about(public_articles().get()))
    assert {table.query.kind for table in tables} == {
        PredictionKind.MULTIPLE_CHOICE,
        PredictionKind.NUMERIC,
        PredictionKind.BINARY,
    }
    for table in tables:
        assert (table.predictions, table.pairs) == (1, 2)
        assert table.summed() == summed(table.query)


def test_the_worst_on_an_article_is_the_one_that_its_scores_name(story: Story) -> None:
    article = archived(story)
    others = [story.forecaster(name) for name in ("other", "third")]
    row = story.opened(article=article)
    story.says(row, 0.7)
    for other in others:
        story.says(row, 0.9, forecaster=other)
    story.passes(row)
    story.resolves(row, "no", known_at=DEADLINE + DAY)
    story.scores()
    (worst,) = scorecard(article, NOW).surprises
    assert (worst.forecaster, worst.tick, worst.happened, worst.brier) == ("Other", 9000, False, pytest.approx(0.81))


def test_without_anything_settled_every_subject_has_a_page(client: Client, story: Story) -> None:
    topic, article = story.topic("gazette"), archived(story)
    story.says(story.opened(resolves_by=LATER, topics=[topic], article=article), 0.4)
    subjects: list[Topic | Article] = [topic, article]
    for address in ("/forecasters/policy-desk/", *(row.get_absolute_url() for row in subjects)):
        assert "The only prediction does not count yet: it is still open." in read(client, address).text
