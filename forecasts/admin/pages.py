"""All pages of the desk. Importing a module registers its pages."""

from . import (
    articles,
    assessments,
    evidence,
    importing,
    people,
    predictions,
    records,
    reference,
    resolutions,
    sources,
    webhooks,
)

__all__ = [
    "articles",
    "assessments",
    "evidence",
    "importing",
    "people",
    "predictions",
    "records",
    "reference",
    "resolutions",
    "sources",
    "webhooks",
]
