"""From a pasted article to drafts, as a browser does it: nothing is saved before, and nothing is saved twice."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from forecasts.ledger.verify import verify
from forecasts.models import Article, Forecaster, Milestone, Prediction
from tests.actions.test_two_at_once import at_once
from tests.journeys.desk import PASTE, Desk, browsed
from tests.refusals import everything
from tests.shared import shared_data
from tests.story import Story, make_user

PROSE = """Ministry sets out its plan

The Ministry of Energy will publish a grid code by 2027. Officials say that it will close its last coal plant within
two years. Will it be enough? It was expected to act in 2020.

If prices fall, the ministry could cut the levy soon.
"""
GRID, COAL, LEVY = (
    "The Ministry of Energy will publish a grid code by 2027.",
    "It will close its last coal plant",
    "levy",
)
ABOUT = {"published_at_0": "2026-11-20", "published_at_1": "08:00:00", "url": "https://energy.test/plan"}
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\u202e'


@pytest.fixture
def desk(story: Story) -> Desk:
    return Desk(story.editor)


def review(desk: Desk, text: str = PROSE, **given: str) -> dict[str, str]:
    """What the review page would send back, with the publisher filled in."""
    return {**browsed(desk.read(text=text, **{**ABOUT, **given})), "publisher": "Energy Wire"}


def prefix(sent: dict[str, str], words: str) -> str:
    return next(name.partition("-")[0] for name, value in sent.items() if "-statement" in name and words in value)


def test_it_works(desk: Desk) -> None:
    before = everything()
    sent = review(desk)
    assert everything() == before
    grid, coal = prefix(sent, GRID), prefix(sent, COAL)
    assert sent[f"{grid}-keep"] == "on"
    assert f"{coal}-keep" not in sent  # officials said it
    desk.send(
        PASTE,
        **{**sent, f"{coal}-keep": "on", f"{coal}-statement": "The ministry closes its last coal plant."},
        save="1",
    )
    article = Article.objects.get()
    assert (article.publisher, article.title, article.url) == (
        "Energy Wire",
        "Ministry sets out its plan",
        ABOUT["url"],
    )
    row, other = Prediction.objects.order_by("pk")
    assert (row.status, row.statement, row.quote, row.suggested_tick) == ("draft", GRID, GRID, 9300)
    assert row.resolves_by == dt.datetime(2027, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
    assert row.suggested_forecaster == Forecaster.objects.get(name="Energy Wire")
    assert article.text[row.quote_start : row.quote_end] == row.quote
    assert (other.statement, other.suggested_forecaster) == ("The ministry closes its last coal plant.", None)
    assert other.resolves_by == dt.datetime(2028, 11, 20, 23, 59, 59, tzinfo=dt.UTC)
    assert "“within two years” is read as" in other.resolves_by_rule
    assert other.criteria.startswith(
        "Yes if, by 20 November 2028, 23:59:59 UTC, this has happened: The ministry closes"
    )
    assert verify().size > 0


def test_the_review_shows_quotes_in_context_rules_lint_and_what_was_left_out(desk: Desk) -> None:
    page = desk.read(text=PROSE, **ABOUT).content.decode()
    assert f"<mark>{GRID}</mark>" in page
    for words in (
        "“by 2027” is read as the year 2027",
        "“will” is read as a probability of 93 %",
        "“soon” gives no deadline: it names no date",
        "Before opening: source",
        "Somebody else said it: Officials.",
        "It has a condition",
        "Will it be enough?</bdi> <span>it is a question",
        "it is about the past",
    ):
        assert words in page, words
    assert " style=" not in page.partition("<main")[2]
    assert "<script>" not in page


def test_the_insight_article_takes_three_clicks_and_one_field(desk: Desk) -> None:
    text = shared_data("insight-article.txt").read_text(encoding="utf-8")
    page = desk.read(text=text)  # desk: Paste an article; paste into one field; Find predictions
    cards = page.context["cards"]
    assert [card.candidate.is_listed for card in cards][:2] == [True, True]
    assert [bool(card.form["keep"].value()) for card in cards] == [True, True, *[False] * (len(cards) - 2)]
    saved = desk.send(PASTE, **browsed(page), save="1")  # Save drafts
    told = desk.get(saved["Location"]).content.decode()
    assert "2 drafts were saved." in told
    assert re.search(r"will bifurcate.*?</a> \(before opening: observable, date, source\)", told)
    assert (Article.objects.count(), Prediction.objects.count(), Milestone.objects.count()) == (1, 2, 3)
    assert {row.suggested_forecaster.name for row in Prediction.objects.all()} == {"SCMP Technology"}


def test_html_tells_title_publisher_and_date_itself(desk: Desk) -> None:
    head = (
        '<meta property="og:title" content="Plan &amp; grid"><meta property="og:site_name" content="Energy Wire">'
        '<link rel="canonical" href="https://energy.test/plan">'
        '<meta property="article:published_time" content="2026-11-20T09:00:00+01:00"><style>p{}</style>'
    )
    html = f"<!doctype html><html><head>{head}</head><body><h1>Plan</h1><p>{GRID}</p><script>x</script></body></html>"
    desk.paste(text=html)
    article = Article.objects.get()
    assert (article.title, article.publisher, article.url) == ("Plan & grid", "Energy Wire", ABOUT["url"])
    assert article.published_at == dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    assert article.text == f"Plan\n\n{GRID}"


def test_a_double_submit_saves_once(desk: Desk) -> None:
    sent = review(desk)
    first = desk.send(PASTE, **sent, save="1")
    before = everything()
    second = desk.send(PASTE, **sent, save="1")
    assert first["Location"] == second["Location"]
    assert "nothing new was saved" in desk.get(second["Location"]).content.decode()
    assert everything() == before


def test_the_same_article_again_finds_the_kept_one_and_adds_what_is_new(desk: Desk) -> None:
    desk.send(PASTE, **review(desk), save="1")
    page = desk.read(text=f"\n{PROSE}\r\nThe ministry will ban gas boilers by 2030.", **ABOUT)
    assert page.context["about"]["publisher"].value() == "Energy Wire"  # as kept under that address
    html = page.content.decode()
    assert "This article is kept already" in html
    assert "its archived text differs" in html
    assert "Logged before" in html
    desk.send(PASTE, **browsed(page), save="1")
    added = Prediction.objects.order_by("pk").last()
    assert (Article.objects.count(), Prediction.objects.count()) == (1, 2)
    assert added is not None
    assert (added.quote, added.article) == ("", Article.objects.get())
    assert "A later version of the article" in added.rationale
    assert "“The ministry will ban gas boilers by 2030.”" in added.rationale


def test_a_kept_article_is_read_with_the_date_that_it_is_kept_with(desk: Desk) -> None:
    desk.send(PASTE, **review(desk), save="1")
    again = browsed(desk.read(text=PROSE))
    coal = prefix(again, COAL)
    assert (again[f"{coal}-resolves_by"], again["published_at_0"]) == ("2028-11-20", "2026-11-20")
    desk.send(PASTE, **{**again, f"{coal}-keep": "on"}, save="1")
    assert (Article.objects.count(), Prediction.objects.count()) == (1, 2)


def test_another_date_is_read_anew_and_what_was_edited_stays(desk: Desk) -> None:
    sent = review(desk)
    grid, coal = prefix(sent, GRID), prefix(sent, COAL)
    edited = {**sent, f"{coal}-keep": "on", f"{grid}-statement": "Mine.", "published_at_0": "2025-11-20"}
    before = everything()
    page = desk.try_to(PASTE, **edited, save="1")
    assert "The date changed, so deadlines were read again." in page.content.decode()
    assert everything() == before
    again = browsed(page)
    assert (again[f"{coal}-resolves_by"], again[f"{coal}-keep"]) == ("2027-11-20", "on")
    assert (again[f"{grid}-statement"], again["publisher"]) == ("Mine.", "Energy Wire")
    desk.send(PASTE, **again, save="1")
    assert Prediction.objects.count() == 2


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_saved(desk: Desk) -> None:
    sent = review(desk)
    grid = prefix(sent, GRID)
    before = everything()
    wrong = {"publisher": "", f"{grid}-probability": "170 %", f"{grid}-resolves_by": "soon", f"{grid}-statement": " "}
    page = desk.try_to(PASTE, **{**sent, **wrong}, save="1").content.decode()
    assert "Nothing was saved." in page
    for words in ("170 %&#x27; is not accepted", "Enter a valid date.", "This field is required."):
        assert words in page
    assert everything() == before


def test_an_editor_changes_everything(desk: Desk) -> None:
    sent = review(desk)
    levy = prefix(sent, LEVY)
    given = {"keep": "on", "resolves_by": "2027-03-31", "probability": "0.25", "resolution_source": "Official gazette"}
    desk.send(PASTE, **{**sent, **{f"{levy}-{name}": value for name, value in given.items()}}, save="1")
    row = Prediction.objects.get(statement__contains=LEVY)
    assert row.resolves_by == dt.datetime(2027, 3, 31, 23, 59, 59, tzinfo=dt.UTC)
    assert row.resolves_by_rule.startswith("Set by an editor. “soon” gives no deadline")
    assert (row.suggested_tick, row.suggested_basis, row.suggested_wording) == (2500, "stated", "")
    assert row.criteria.startswith("Yes if, by 31 March 2027, 23:59:59 UTC, this has happened: If prices fall")


def test_an_editor_says_who_said_it(story: Story, desk: Desk) -> None:
    sent = review(desk)
    grid, coal, levy = (prefix(sent, words) for words in (GRID, COAL, LEVY))
    assert (sent[f"{grid}-credited"], sent[f"{coal}-credited"]) == ("the publication", "")  # officials said that
    unknown = desk.try_to(PASTE, **{**sent, f"{grid}-credited": "Nobody's desk"}, save="1").content.decode()
    assert "Nothing is called “Nobody&#x27;s desk”" in unknown
    assert not Article.objects.exists()
    given = {f"{grid}-credited": "policy-desk", f"{coal}-keep": "on", f"{levy}-keep": "on", f"{levy}-credited": ""}
    desk.send(PASTE, **{**sent, **given}, save="1")
    credited = dict(Prediction.objects.values_list("statement", "suggested_forecaster__name"))
    assert credited.pop(GRID) == "Policy desk"
    assert set(credited.values()) == {None}


def test_what_is_logged_and_alike_and_a_broken_ladder_are_shown(story: Story, desk: Desk) -> None:
    desk.send(PASTE, **review(desk), save="1")
    kept = Prediction.objects.get()
    later = PROSE.replace("by 2027", "by 2029").replace("will publish", "could publish")
    page = desk.try_to(PASTE, **{**review(desk, later, url=""), "again": "1"}).content.decode()
    assert f'/desk/forecasts/prediction/{kept.pk}/change/">{GRID}</a> <span>another deadline, by 2027-12-31' in page
    assert "Energy Wire gives 93\xa0% by 2027-12-31 and 40\xa0% by 2029-12-31; the earlier deadline cannot be" in page


def test_two_rungs_of_one_article_are_held_against_each_other(desk: Desk) -> None:
    text = f"Plan\n\n{GRID} The Ministry of Energy could publish a grid code by 2030."
    assert desk.read(text=text).content.decode().count("the earlier deadline cannot be more probable") == 2


@pytest.mark.parametrize(
    "text",
    [
        f"{HOSTILE} will ban chips by 2027.",
        f"Plan\n\nThe EU {HOSTILE} will ban chips by 2027. " * 3,
        "x" * 100_000,
        "".join(f"The EU will ban chip {n} by 2027. " for n in range(2_900)),
        "<p>" * 30_000 + GRID,
        "<![CDATA[" + "<" * 50_000 + " The EU will ban chips by 2027.",
    ],
    ids=["markup", "markup in prose", "one word", "many candidates", "open tags", "broken markup"],
)
def test_hostile_text_is_shown_as_text(desk: Desk, text: str) -> None:
    sent = {**browsed(desk.read(text=text)), "publisher": HOSTILE, "title": f"T {HOSTILE}"}
    answer = desk.try_to(PASTE, **sent, again="1")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>alert" not in page
    assert "<img" not in page
    saved = desk.send(PASTE, **sent, save="1")
    assert "<script>alert" not in desk.get(saved["Location"]).content.decode()
    assert all("\u202e" not in row.statement for row in Prediction.objects.all())


@pytest.mark.parametrize(
    ("text", "says"),
    [("a\0b", "Null characters are not allowed"), ("", "paste the article"), (" \n", "paste the article")],
)
def test_what_is_no_text_is_refused(desk: Desk, text: str, says: str) -> None:
    before = everything()
    for page in (desk.read(text=text), desk.try_to(PASTE, **{**review(desk, url=""), "text": text}, save="1")):
        assert says in page.content.decode() or "Nothing was" in page.content.decode()
    assert everything() == before


def test_only_editors_paste(story: Story) -> None:
    stranger = Desk(make_user("stranger", "Operators"))
    assert stranger.get(PASTE).status_code == 403
    assert stranger.try_to(PASTE, text=PROSE).status_code == 403


def test_queries_do_not_grow_with_the_candidates(story: Story, desk: Desk, queries: CaptureQueriesContext) -> None:
    counted = []
    for n in (1, 25):
        text = "".join(f"Ministry {k} will publish grid code {k * 7} by {2027 + k}.\n" for k in range(n))
        desk.read(text=text)
        counted.append(len(queries.captured_queries))
    assert counted[1] - counted[0] <= counted[0] <= 12


def test_a_forecast_that_breaks_a_ladder_is_recorded_with_a_warning(story: Story, desk: Desk) -> None:
    early, late = (
        story.opened(statement=GRID.replace("2027", str(year)), resolves_by=dt.datetime(year, 12, 31, tzinfo=dt.UTC))
        for year in (2027, 2028)
    )
    story.says(early, 0.7)
    recorded = desk.do(late, "forecast", forecaster=story.desk.pk, value="0.4", basis="stated")
    page = desk.get(recorded["Location"]).content.decode()
    said = "Policy desk gives 70\xa0% by 2027-12-31 and 40\xa0% by 2028-12-31"
    assert f"Beware: {said}" in page
    assert f'<div class="beware">{said}' in page
    assert f'<div class="beware">{said}' in desk.get(f"/desk/forecasts/prediction/{early.pk}/change/").content.decode()
    mended = desk.do(late, "forecast", forecaster=story.desk.pk, value="0.8", basis="stated")
    assert "cannot be more probable" not in desk.get(mended["Location"]).content.decode()


@pytest.fixture
def newsroom(own_database: str) -> Iterator[Story]:
    return Story.begin()


def test_two_editors_at_once_save_one_article_and_each_draft_once(newsroom: Story) -> None:
    desks = [Desk(newsroom.editor), Desk(newsroom.approver)]
    sent = [review(desk) for desk in desks]
    pages = at_once(
        lambda: desks[0].send(PASTE, **sent[0], save="1"), lambda: desks[1].send(PASTE, **sent[1], save="1")
    )
    assert len({page["Location"] for page in pages}) == 1
    assert (Article.objects.count(), Prediction.objects.count()) == (1, 1)
    connections.close_all()
