"""An insight article comes in whole: article, milestones and drafts, or nothing at all."""

import datetime as dt
import html

import pytest
from django.db import transaction
from django.db.models import Max

from forecasts.actions import open_prediction
from forecasts.errors import Conflict, NotReady, Refused
from forecasts.imports import paste as importer
from forecasts.imports.article import ImportedArticle, import_article
from forecasts.language.claims import NO_DATE
from forecasts.language.repair import repair
from forecasts.ledger.verify import verify
from forecasts.models import Article, EntryKind, Forecast, Forecaster, LedgerEntry, Milestone, Prediction
from tests.refusals import everything, refused
from tests.shared import shared_data
from tests.story import START, Story

END_OF_2027 = dt.datetime(2027, 12, 31, 23, 59, 59, tzinfo=dt.UTC)


def insight() -> bytes:
    return shared_data("insight-article.txt").read_bytes()


def brings_in(story: Story, data: bytes | str) -> ImportedArticle:
    return import_article(data, published_at=START, at=START, by=story.editor)


def told() -> tuple[object, ...]:
    """What must not depend on how the text arrived."""
    article = Article.objects.get()
    return (
        (article.title, article.publisher, article.headline, article.key_takeaways),
        (article.what_changed, article.why_it_matters, article.what_to_do_next, article.who_should_care),
        list(article.milestones.values_list("date", "precision", "text")),
        list(Prediction.objects.order_by("pk").values_list("statement", "quote", "resolves_by", "suggested_tick")),
    )


def as_html(text: str) -> str:
    return "<html><body>" + "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines()) + "</body></html>"


def test_it_works(story: Story) -> None:
    found = brings_in(story, insight())
    article = Article.objects.get()
    assert (article.title, article.publisher) == ("China Leads Global AI Governance", "SCMP Technology")
    assert article.what_changed == "'Common ignorance' on AI future among stakeholders"
    assert article.why_it_matters.startswith("China's leadership in AI governance could set global standards")
    assert (
        article.what_to_do_next == "Review China's AI regulations from MIIT and CAC for compliance in global projects."
    )
    assert article.who_should_care == "Enterprise & Security Teams"
    assert len(article.key_takeaways) == 3
    assert [(each.date_words, each.precision) for each in article.milestones.all()] == [
        ("2023-08", "month"),
        ("2024-03", "month"),
        ("2025-06", "month"),
    ]
    assert found.repaired_runs > 0
    assert [draft.prediction.status for draft in found.drafts] == ["draft", "draft"]
    assert not Prediction.objects.public().exists()
    assert verify().rows == 2 + 2


def test_the_dated_claim_gets_its_deadline_and_its_probability_each_with_its_rule(story: Story) -> None:
    watermarking = brings_in(story, insight()).drafts[0].prediction
    assert watermarking.statement.startswith("China will mandate standardized 'AI watermarking'")
    assert watermarking.article is not None
    assert watermarking.quote == watermarking.article.text[watermarking.quote_start : watermarking.quote_end]
    assert (watermarking.resolves_by, watermarking.resolves_by_precision) == (END_OF_2027, "year")
    assert "2027" in watermarking.resolves_by_wording
    assert watermarking.resolves_by_rule
    assert watermarking.suggested_forecaster == Forecaster.objects.get(slug="scmp-technology")
    assert watermarking.suggested_basis == "implied"
    assert watermarking.suggested_wording == "will"
    assert watermarking.suggested_rule
    assert 5000 < (watermarking.suggested_tick or 0) <= 9900
    assert not Forecast.objects.exists()


def test_the_claim_without_a_date_is_refused_for_opening_by_name(story: Story) -> None:
    draft = brings_in(story, insight()).drafts[1]
    assert draft.prediction.statement.startswith("International AI governance will bifurcate")
    assert "date" in [failure.rule for failure in draft.failures]
    row = draft.prediction
    with refused("resolves_by", None, f"give a deadline before opening: {NO_DATE}", NotReady):
        open_prediction(prediction=row, override_reason="we shall see", at=START, by=story.editor)


def test_clean_text_and_html_tell_the_same(story: Story) -> None:
    clean = repair(insight().decode()).text
    answers = []
    for data in (insight(), clean, clean.encode(), as_html(clean)):
        with transaction.atomic():
            brings_in(story, data)
            answers.append(told())
            transaction.set_rollback(True)
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)


def test_the_same_article_twice_is_a_conflict(story: Story) -> None:
    brings_in(story, insight())
    with refused("article", "China Leads Global AI Governance", "its text is already kept", Conflict):
        brings_in(story, insight())


@pytest.mark.parametrize("data", [b"", b"Dear editor,\nit will rain.", "\x00", b"\xff\xfe\x00"])
def test_text_in_no_layout_is_refused(story: Story, data: bytes | str) -> None:
    before = everything()
    with pytest.raises(Refused, match=r"^article: "):
        brings_in(story, data)
    assert everything() == before


def test_half_way_is_not_at_all(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    before, logged = everything(), []
    real = importer.log_prediction

    def fails_at_the_second(**given: object) -> Prediction:
        if logged:
            raise Refused("statement", "the second", "this test lets only one in")
        logged.append(real(**given))  # type: ignore[arg-type]
        return logged[0]

    monkeypatch.setattr(importer, "log_prediction", fails_at_the_second)
    with pytest.raises(Refused, match="this test lets only one in"):
        brings_in(story, insight())
    assert logged
    assert everything() == before


def test_what_was_brought_in_stands_in_the_ledger_in_order(story: Story) -> None:
    first = LedgerEntry.objects.aggregate(last=Max("seq"))["last"]
    brings_in(story, insight())
    assert list(LedgerEntry.objects.filter(seq__gt=first).values_list("kind", flat=True)) == [
        EntryKind.ARTICLE_IMPORTED,
        EntryKind.FORECASTER_SAVED,
        EntryKind.PREDICTION_LOGGED,
        EntryKind.PREDICTION_LOGGED,
    ]
    assert Milestone.objects.count() == 3
