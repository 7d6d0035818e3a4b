"""What pages say to programs: absolute addresses, markup for embedding, and data in JSON-LD."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from forecasts.exports import addresses
from forecasts.models import Prediction, PredictionKind, Resolution
from forecasts.queries.calibration import Calibration

register = template.Library()
IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}  # else a text could close the element
MOST = 5_000  # letters of a description


@register.filter
def absolute(path: str) -> str:
    return addresses.absolute(path)


@register.filter
def oembed(path: str) -> str:
    """Where a program asks how to embed the page at `path`."""
    return addresses.absolute(f"/oembed?url={quote(addresses.absolute(path), safe='')}")


@register.filter
def snippet(path: str, title: str) -> str:
    """The markup for embedding, as text to copy."""
    return addresses.iframe(path, title)


@register.simple_tag
def site_name() -> str:
    return settings.SITE_NAME


@register.simple_tag
def dataset(name: str, path: str, about: str, data: str, found: Calibration) -> SafeString:
    """A scorecard as schema.org/Dataset; `data` is the path of its document in the API."""
    return _script(
        {
            "@type": "Dataset",
            "name": name,
            "description": about[:MOST],
            "url": addresses.absolute(path),
            "identifier": found.digest,
            "version": found.engine,
            "creator": _site(),
            "isAccessibleForFree": True,
            "measurementTechnique": addresses.absolute("/method/"),
            "variableMeasured": ["probability", "outcome", "Brier score"],
            "distribution": {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": addresses.absolute(data),
            },
            **({"dateModified": found.as_of.isoformat()} if found.as_of else {}),
        }
    )


@register.simple_tag
def claim_review(row: Prediction, resolution: Resolution | None) -> SafeString | str:
    """A resolved yes-or-no prediction as schema.org/ClaimReview, where the site has switched that on; else nothing."""
    if not settings.CLAIM_REVIEW or resolution is None or resolution.is_void or row.kind != PredictionKind.BINARY:
        return ""
    happened = resolution.outcome == "yes"
    where = row.article.url if row.article else ""
    return _script(
        {
            "@type": "ClaimReview",
            "url": addresses.absolute(row.get_absolute_url()),
            "claimReviewed": row.statement,
            "datePublished": resolution.resolved_at.isoformat(),
            "author": _site(),
            "itemReviewed": {"@type": "Claim", **({"appearance": where} if where else {})},
            "reviewRating": {
                "@type": "Rating",
                "ratingValue": 5 if happened else 1,
                "bestRating": 5,
                "worstRating": 1,
                "alternateName": resolution.result_words,
            },
        }
    )


def _site() -> Mapping[str, str]:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": addresses.absolute("/")}


def _script(data: Mapping[str, object]) -> SafeString:
    """A block of data, which browsers never run: the policy allows it, and nothing in it can end it."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).translate(IN_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 -- nothing in it is markup
