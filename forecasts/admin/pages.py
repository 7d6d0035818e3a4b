"""All pages of the desk. Importing a module registers its pages."""

from . import articles, assessments, evidence, people, predictions, records, reference, resolutions

__all__ = ["articles", "assessments", "evidence", "people", "predictions", "records", "reference", "resolutions"]
