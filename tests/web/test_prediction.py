import datetime as dt
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import translation

from forecasts.actions import (
    Outcome,
    Result,
    accept_proposal,
    amend_prediction,
    claim_source,
    close_dispute,
    correct_resolution,
    open_dispute,
    propose_resolution,
    record_article,
    record_check,
    save_reference,
    save_source,
    save_watch,
    withdraw_forecast,
)
from forecasts.models import Article, CheckStatus, EvidenceSource, LedgerEntry, Prediction, Watch
from tests.story import DAY, DEADLINE, START, Story
from tests.web.reading import drawn, in_order, read

pytestmark = pytest.mark.django_db
LATER = DEADLINE + 100 * DAY
QUOTE = "A binding rule will be published by 30 June."
TEXT = f"The ministry met. {QUOTE} Nobody objected."


def address(prediction: Prediction) -> str:
    return f"/predictions/{prediction.slug}/"


def quoted(
    story: Story, text: str = f"The ministry met. {QUOTE} Nobody objected.", quote: str = QUOTE, **fields: Any
) -> Prediction:
    article = Article(publisher="The Gazette", title="Watermarks are coming", text=text, published_at=START)
    article = record_article(article=article, at=START, by=story.editor)
    start = text.index(quote)
    place = {"quote": quote, "quote_start": start, "quote_end": start + len(quote)}
    return story.opened(article=article, resolves_by=LATER, **place, **fields)


def correct(story: Story, prediction: Prediction, outcome: str, note: str, at: dt.datetime) -> None:
    finding = story.sees(prediction, at=at)
    prediction.refresh_from_db()
    result = Result(known_at=DEADLINE + DAY, outcome=outcome, evidence_exception="the gazette was withdrawn")
    correct_resolution(
        prediction=prediction,
        result=result,
        findings=[finding],
        proposer=story.editor,
        note=note,
        at=at,
        by=story.approver,
    )


def test_it_works(client: Client, story: Story) -> None:
    prediction = quoted(story)
    story.says(prediction, 0.4)
    story.says(prediction, 0.7, at=START + 30 * DAY)
    story.sees(prediction, at=START + 40 * DAY)
    page = read(client, address(prediction))
    assert in_order(
        page.text,
        "Still open",
        prediction.statement,
        "Deadline 8 October 2026.",
        "Who said it",
        "The ministry met.",
        QUOTE,
        "Nobody objected.",
        "Watermarks are coming",
        "Policy desk",
        "70 %",
        "What counts",
        prediction.criteria,
        "Probability over time",
        "Evidence",
        "The gazette of 10 February 2026 speaks of",
        "Sources we watch",
        "No source is watched for this prediction.",
        "Silence is never a no",
        "Cite this",
    )
    assert f"<mark>{QUOTE}</mark>" in page.html
    assert "/articles/watermarks-are-coming/" in page.links


def test_a_resolution_names_clause_evidence_times_and_roles_but_nobody(client: Client, story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    story.passes(prediction)
    finding = story.sees(prediction, at=DEADLINE)
    proposal = propose_resolution(
        prediction=prediction,
        result=Result(known_at=DEADLINE, outcome="yes"),
        clauses=[(finding, "published by the deadline")],
        rationale="It was in the gazette.",
        at=DEADLINE + DAY,
        by=story.editor,
    )
    accept_proposal(proposal=proposal, at=DEADLINE + 2 * DAY, by=story.approver)
    story.scores()
    page = read(client, address(prediction))
    assert in_order(
        page.text,
        prediction.statement,
        "It happened",
        "Known 30 June 2026, 23:59 UTC.",
        "Resolution",
        "It was in the gazette.",
        "published by the deadline",
        finding.quote,
        "The world knew 30 June 2026, 23:59 UTC",
        "We said so 2 July 2026, 23:59 UTC",
        "Proposed by an editor, approved by a second editor.",
        "Scores",
        "Policy desk first forecast 70 % 0.090",  # (1 - 0.7)²
        "Policy desk average over time 0.090",
    )
    assert story.editor.username not in page.text.replace("an editor", "").replace("second editor", "")
    assert story.approver.username not in page.text.replace("approved", "")


def test_one_resolved_early_shows_its_score_at_once_and_from_when_it_counts(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    story.says(prediction, 0.8)
    story.resolves(prediction, "yes", known_at=DEADLINE)
    story.scores()
    page = read(client, address(prediction))
    assert in_order(page.text, "Resolved early, counts from 8 October 2026.", "Scores", "first forecast 80 % 0.040")
    assert "count in scorecards from 8 October 2026" in page.text


def test_before_the_follower_has_read_it_a_resolution_is_being_scored(client: Client, story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    assert "Being scored." in read(client, address(prediction)).text
    story.scores()
    assert "Being scored." not in read(client, address(prediction)).text


def test_a_void_prediction_says_why_and_that_it_is_counted(client: Client, story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    story.resolves(prediction, "premise_failed", known_at=START + DAY)
    story.scores()
    page = read(client, address(prediction))
    assert in_order(
        page.text, "Void: the premise failed", "A void prediction is scored nowhere, and counted in every denominator."
    )


def test_corrections_stay_at_the_top_newest_first(client: Client, story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    correct(story, prediction, "no", "We had read the wrong gazette.", DEADLINE + 3 * DAY)
    correct(story, prediction, "yes", "It was the right gazette after all.", DEADLINE + 5 * DAY)
    page = read(client, address(prediction))
    assert in_order(
        page.text,
        "Corrected 5 July 2026, 23:59 UTC from “It did not happen” to “It happened”.",
        "It was the right gazette after all.",
        "Corrected 3 July 2026, 23:59 UTC from “It happened” to “It did not happen”.",
        "We had read the wrong gazette.",
        prediction.statement,
    )


def test_criteria_changed_after_a_forecast_are_told_at_the_top_with_the_reason(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    story.says(prediction, 0.7)
    amend_prediction(
        prediction=prediction,
        changes={"criteria": "Yes if it is in force."},
        reason="Readers asked whether it must be in force.",
        at=START + DAY,
        by=story.editor,
    )
    page = read(client, address(prediction))
    assert in_order(
        page.text,
        "The criteria changed 2 January 2026, 12:00 UTC, after forecasts had been made",
        "Readers asked whether it must be in force.",
        prediction.statement,
        "2 versions of the criteria",
        "Version 2",
        prediction.criteria,
        "Yes if it is in force.",
        "Version 1",
    )


def test_a_source_that_was_never_reached_is_not_checked(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    watched(story, prediction)
    page = read(client, address(prediction))
    assert in_order(page.text, "Sources we watch", "Wire", "Not checked yet", "Silence is never a no")
    assert "status-overdue" in page.html


def test_a_paused_source_says_why_it_is_not_checked(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    watched(story, prediction, paused=True, paused_reason="the site has moved")
    assert "Not checked: the site has moved" in read(client, address(prediction)).text


def watched(story: Story, prediction: Prediction, **fields: Any) -> EvidenceSource:
    given = {"title": "Wire", "url": "http://wire.test/feed", "next_check_at": LATER, **fields}
    source = save_source(source=EvidenceSource(**given), at=START, by=story.editor)
    save_watch(watch=Watch(prediction=prediction, source=source, groups=[["rule"]]), at=START, by=story.editor)
    return source


def test_overdue_is_said_to_be_our_backlog(client: Client, story: Story) -> None:
    prediction = story.opened()
    assert in_order(read(client, address(prediction)).text, "Not yet rated by us", "that is our backlog")


def test_a_forecast_from_words_is_labelled_with_them(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    story.says(prediction, 0.7, basis="implied", wording="is likely to", wording_table="1")
    assert in_order(read(client, address(prediction)).text, "70 %", "implied by the wording", "is likely to")


def test_a_withdrawn_forecast_is_shown_as_withdrawn(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    story.says(prediction, 0.7)
    withdraw_forecast(prediction=prediction, forecaster=story.desk, at=START + DAY, by=story.editor)
    assert in_order(read(client, address(prediction)).text, "Policy desk", "withdrawn")


def test_beyond_six_forecasters_the_rest_stand_in_the_table(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    for n in range(8):
        story.says(prediction, n / 10, at=START + n * DAY, forecaster=story.forecaster(f"model-{n}"))
    page = read(client, address(prediction))
    assert page.html.count('class="series ') == 6
    assert "2 more forecasters in the table only." in page.text
    assert "Model 7" in page.text[page.text.index("The numbers in this chart") :]


def test_names_that_begin_alike_are_told_apart_beside_their_lines(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    for name in ("long-company-name-lite", "long-company-name-deluxe"):
        story.says(prediction, 0.5, forecaster=story.forecaster(name))
    page = read(client, address(prediction)).html
    assert in_order(page[page.index("<svg") :], ">Lite</tspan>", ">Deluxe</tspan>")


def test_without_a_forecast_there_is_no_chart(client: Client, story: Story) -> None:
    page = read(client, address(story.opened(resolves_by=LATER)))
    assert "Nobody has put a probability on it yet." in page.text
    assert "<svg" not in page.html


def test_evidence_from_the_future_does_not_stretch_the_chart(client: Client, story: Story, clock: Any) -> None:
    prediction = story.opened(resolves_by=LATER)
    story.says(prediction, 0.5)
    plain = read(client, address(prediction)).html
    clock.now = DEADLINE + 15 * DAY
    story.sees(prediction, at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    later = read(client, address(prediction)).html
    axis = [page[page.index('text-anchor="middle"') : page.index('class="mark-evidence"')] for page in (plain, later)]
    assert axis[0] == axis[1]


def test_objections_stand_there_with_their_answers(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    dispute = open_dispute(
        prediction=prediction, reason="misquoted", text="I said may.", contact="reader@mail.test", at=START, by="reader"
    )
    page = read(client, address(prediction))
    assert in_order(page.text, "Objections", "I was misquoted.", "I said may.", "We owe an answer by 15 January 2026")
    assert "reader@mail.test" not in page.html
    close_dispute(dispute=dispute, status="answered", answer="You said will.", at=START + DAY, by=story.approver)
    assert in_order(
        read(client, address(prediction)).text, "I said may.", "You said will.", "Our answer, 2 January 2026"
    )


def test_its_ledger_entries_are_listed_with_their_digests(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    entries = LedgerEntry.objects.filter(subject=f"prediction:{prediction.pk}").order_by("seq")
    told = [f"Entry {entry.seq}, {entry.kind} {entry.digest}" for entry in entries]
    assert len(told) == 2
    assert in_order(read(client, address(prediction)).text, "2 ledger entries", *told)


def test_a_draft_is_404(client: Client, story: Story) -> None:
    draft = story.draft()
    page = read(client, address(draft), status=404)
    assert draft.statement not in page.html


def test_it_answers_304_until_a_check_or_a_decision_changes_it(client: Client, story: Story) -> None:
    prediction = story.opened(resolves_by=LATER)
    source = watched(story, prediction)
    tag = client.get(address(prediction))["ETag"]
    assert client.get(address(prediction), headers={"If-None-Match": tag}).status_code == 304
    source.paused, source.paused_reason = True, "the site has moved"
    save_source(source=source, at=START, by=story.editor)
    assert client.get(address(prediction), headers={"If-None-Match": tag}).status_code == 200


def test_it_answers_anew_every_day_because_its_lines_end_today(client: Client, story: Story, clock: Any) -> None:
    prediction = story.opened(resolves_by=LATER)
    story.says(prediction, 0.4)
    tag = client.get(address(prediction))["ETag"]
    clock.now += DAY
    assert client.get(address(prediction), headers={"If-None-Match": tag}).status_code == 200


def test_it_answers_anew_when_a_source_goes_stale(client: Client, story: Story, clock: Any) -> None:
    prediction = story.opened(resolves_by=LATER)
    source = watched(story, prediction, next_check_at=clock.now)
    checked(source, clock.now)
    page = client.get(address(prediction))
    assert b"Checked" in page.content
    clock.now += dt.timedelta(seconds=6 * source.interval)
    answer = client.get(address(prediction), headers={"If-None-Match": page["ETag"]})
    assert answer.status_code == 200
    assert b"Not checked lately" in answer.content


def checked(source: EvidenceSource, at: dt.datetime) -> None:
    """One check that found nothing new: it leaves no ledger entry."""
    claimed = claim_source(source=source, due_at=at, at=at)
    outcome = Outcome(status=CheckStatus.UNCHANGED, started_at=at, next_check_at=LATER, interval=source.interval)
    record_check(source=claimed, due_at=at, outcome=outcome, at=at)


def test_the_number_of_queries_does_not_grow(client: Client, story: Story, django_assert_max_num_queries: Any) -> None:
    prediction = story.settled(0.7, "yes")
    correct(story, prediction, "no", "We had read the wrong gazette.", DEADLINE + 3 * DAY)
    story.scores()
    with django_assert_max_num_queries(15):
        client.get(address(prediction))
    for n in range(4):
        correct(story, prediction, "no" if n % 2 else "yes", "We had read another gazette.", DEADLINE + (4 + n) * DAY)
        watched(story, prediction, url=f"http://wire.test/{n}")
    with django_assert_max_num_queries(15):
        client.get(address(prediction))


def test_where_decimals_have_commas_the_words_have_them_and_the_drawing_has_not(client: Client, story: Story) -> None:
    prediction = story.settled(0.715, "yes")
    story.says(prediction, 0.333, at=START + DAY, forecaster=story.forecaster("late-comer"))
    story.scores()
    english = read(client, address(prediction)).html
    with override_settings(LANGUAGE_CODE="de", USE_THOUSAND_SEPARATOR=True), translation.override("de"):
        german = read(client, address(prediction)).html
    assert "71,5\N{NO-BREAK SPACE}%" in german
    assert drawn(german) == drawn(english) != []


def test_hostile_text_is_only_text(client: Client, story: Story) -> None:
    evil = "<script>alert(1)</script>"
    quote = f'He said "{evil}" \u202edias eH.'
    prediction = quoted(
        story,
        text=f"Before. {quote} After.",
        quote=quote,
        statement=f"{evil}\u202e will happen by 2027 " + "w" * 10_000,
        criteria=f"</p></main>{evil}",
        resolution_source='https://gazette.test/"onmouseover="alert(1)',
    )
    story.says(prediction, 0.7, forecaster=story.forecaster("evil"), rationale=evil)
    open_dispute(prediction=prediction, reason="other", text=evil, at=START, by="reader")
    page = read(client, address(prediction))
    assert page.text.count(evil) >= 4


def test_who_is_judged_has_the_right_of_reply(client: Client, story: Story) -> None:
    row = quoted(story)
    story.says(row, 0.7)
    assert "Right of reply" not in read(client, address(row)).text
    story.desk.reply = "We said so <b>early</b>."
    save_reference(row=story.desk, at=START + DAY, by=story.editor)
    page = read(client, address(row)).text
    assert in_order(page, "Right of reply", "We said so <b>early</b>.", "Policy desk", "2 January 2026")
