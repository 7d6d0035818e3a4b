"""Add evidence by hand, and review what was found."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from forecasts.errors import Conflict, Refused
from forecasts.ledger.append import By, append
from forecasts.models import EntryKind, Finding, FoundBy, Prediction, Review, Snapshot, Stance

from .base import action, person, require
from .values import quote_place, require_text, require_web_url


@dataclass(frozen=True)
class Seen:
    """What an editor saw: the text as she copied it, and the sentence that matters."""

    title: str
    url: str
    text: str
    quote: str
    stance: str
    published_at: dt.datetime | None = None


@action
def add_finding(*, prediction: Prediction, seen: Seen, at: dt.datetime, by: By) -> Finding:
    """Keep `seen` as a snapshot and an accepted finding; the quote must stand in the text word for word."""
    require(by, "keep_predictions", "add evidence")
    require_text("title", seen.title, "give the report's title")
    require_web_url("url", seen.url)
    start, end = quote_place(seen.quote, seen.text)
    if seen.stance not in Stance.values:
        raise Refused("stance", seen.stance, f"give one of {', '.join(Stance.values)}")
    body = seen.text.encode()
    digest = hashlib.sha256(body).hexdigest()
    snapshot, _ = Snapshot.objects.get_or_create(
        sha256=digest,
        text_sha256=digest,
        defaults={
            "media_type": "text/plain",
            "size": len(body),
            "url": seen.url,
            "fetched_at": at,
            "text": seen.text,
            "record": {"captured": "copied by an editor"},
        },
    )
    if Finding.objects.filter(prediction=prediction, digest=digest).exists():
        raise Conflict("text", seen.title, "this text is already among the evidence of this prediction")
    finding = Finding.objects.create(
        prediction=prediction,
        snapshot=snapshot,
        title=seen.title,
        url=seen.url,
        published_at=seen.published_at,
        found_at=at,
        quote=seen.quote,
        quote_start=start,
        quote_end=end,
        item_start=0,
        item_end=len(seen.text),
        found_by=FoundBy.EDITOR,
        relevance=1000,
        stance=seen.stance,
        why="added by an editor",
        digest=digest,
        review=Review.ACCEPTED,
        reviewed_by=person(by),
        reviewed_at=at,
    )
    content = {"findings": [{"finding": finding.pk, "prediction": prediction.pk, "digest": digest}]}
    append(EntryKind.FINDINGS_RECORDED, subject=f"finding:{finding.pk}", content=content, at=at, by=by)
    return finding


@action
def review_finding(*, finding: Finding, review: str, at: dt.datetime, by: By) -> Finding:
    """Accept a finding as evidence or dismiss it; a changed mind is another entry, the same said again is none."""
    require(by, "keep_predictions", "review evidence")
    if review not in (Review.ACCEPTED, Review.DISMISSED):
        raise Refused("review", review, "accept it or dismiss it")
    row = Finding.objects.select_for_update(no_key=True).get(pk=finding.pk)
    if row.review == review:
        return row
    row.review, row.reviewed_by, row.reviewed_at = review, person(by), at
    row.save(update_fields=["review", "reviewed_by", "reviewed_at"])
    content = {"finding": row.pk, "review": row.review}
    append(EntryKind.FINDING_REVIEWED, subject=f"prediction:{row.prediction_id}", content=content, at=at, by=by)
    return row
