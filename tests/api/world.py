"""States of the world that several routes are asked about."""

import datetime as dt
from typing import Any

from forecasts.actions import Outcome, claim_source, record_article, record_check, save_source, save_watch
from forecasts.models import Article, Check, CheckStatus, EvidenceSource, Finding, Prediction, Snapshot, Watch
from tests.story import DAY, START, Story


def draft_with_article(story: Story, word: str) -> Prediction:
    article = article_of(story, f"The plan of {word}", f"The ministry of {word} will publish its plan.")
    return story.draft(
        statement=f"The ministry of {word} will publish its plan by 30 June 2026.",
        article=article,
        quote=f"The ministry of {word} will publish its plan.",
    )


def article_of(story: Story, title: str, text: str) -> Article:
    row = Article(publisher="The Ruritanian Courier", title=title, text=text, published_at=START)
    return record_article(article=row, at=START, by=story.editor)


def settle(story: Story, count: int, **fields: Any) -> None:
    """Settled predictions, said to be 90 % or 10 % likely in turn; of each kind some went the other way."""
    for number in range(count):
        likely = bool(number % 2)
        surprising = number % 10 in (0, 1)
        story.settled(0.9 if likely else 0.1, "yes" if likely != surprising else "no", **fields)
    story.scores()


def watched(story: Story, *predictions: Prediction, title: str = "Wire") -> EvidenceSource:
    source = EvidenceSource(title=title, url=f"https://wire.example/{title}", next_check_at=START)
    save_source(source=source, at=START, by=story.editor)
    for row in predictions:
        save_watch(watch=Watch(prediction=row, source=source, groups=[["gazette"]]), at=START, by=story.editor)
    return source


def checked(source: EvidenceSource, at: dt.datetime, *found: Prediction) -> Check:
    """A check at `at` that finds one piece of evidence for each of `found`."""
    due = EvidenceSource.objects.get(pk=source.pk).next_check_at
    claimed = claim_source(source=source, due_at=due, at=at)
    text = f"The gazette at {at.isoformat()}"
    snapshot = Snapshot(
        sha256=f"{at.timestamp():064.0f}",
        media_type="text/plain",
        size=len(text),
        fetched_at=at,
        text=text,
        text_sha256="0" * 64,
    )
    findings = tuple(
        Finding(
            prediction=row,
            source=source,
            title="Gazette",
            found_at=at,
            quote=text,
            quote_start=0,
            quote_end=len(text),
            relevance=500,
            digest=f"{row.pk:064}",
        )
        for row in found
    )
    outcome = Outcome(
        status=CheckStatus.OK,
        started_at=at,
        next_check_at=at + DAY,
        interval=3600,
        snapshot=snapshot,
        findings=findings,
    )
    return record_check(source=claimed, due_at=due, outcome=outcome, at=at)
