"""All pages of the desk. Importing a module registers its pages."""

from . import (
    api_keys,
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
    "api_keys",
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
