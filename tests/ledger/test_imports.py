"""The trees of imports: of today, and those that older entries carry."""

import json

import pytest

from forecasts.actions import action
from forecasts.actions.criteria import add_version
from forecasts.errors import LedgerBroken
from forecasts.ledger import contents, merkle
from forecasts.ledger.append import append
from forecasts.ledger.canonical import canonical
from forecasts.ledger.verify import verify
from forecasts.models import EntryKind, Forecast, ImportRun, LedgerEntry, Prediction, Resolution
from tests.imported import LATER, applies, brought, bulk, settled, still_open
from tests.ledger.behind import forge
from tests.story import DAY, START, Story


@action
def import_of_the_first_format(*, story: Story) -> ImportRun:
    """As imports were written when their trees had no version: yes or no, settled, one tree of both."""
    run = ImportRun.objects.create(source="A table", sha256="a" * 64, rows=1, at=LATER)
    row = Prediction(
        statement="It will.", slug="it-will", criteria="Yes if it did.", resolution_source="A table", opens_at=START,
        closes_at=START + DAY, resolves_by=START + DAY, logged_at=LATER, published_at=LATER, status="closed",
        import_run=run, latest_deadline=START + DAY,
    )  # fmt: skip
    row.save()
    version = add_version(row, old={}, reason="", by=None, at=LATER)
    settled = Resolution.objects.create(
        prediction=row, outcome="yes", known_at=START + DAY, resolved_at=LATER, proposed_by_rule="import"
    )
    row.status, row.current_resolution, row.known_at = "resolved", settled, settled.known_at
    row.save()
    Forecast.objects.create(
        prediction=row, forecaster=story.desk, issued_at=START, recorded_at=LATER, stands_from=LATER, tick=6000,
        basis="model", provenance="imported", import_run=run, row_index=0,
    )  # fmt: skip
    forecast = {
        "prediction": row.pk, "forecaster": story.desk.pk, "issued_at": START, "recorded_at": LATER,
        "stands_from": LATER,
        "tick": 6000, "basis": "model", "provenance": "imported",
    }  # fmt: skip
    outcome = {
        "resolution": settled.pk, "prediction": row.pk, "outcome": "yes", "void_reason": "", "known_at": START + DAY,
        "resolved_at": LATER, "note": "", "evidence_exception": "", "proposed_by_rule": "import", "proposal": None,
        "supersedes": None,
    }  # fmt: skip
    first = {"version": 1, "old": {}, "new": version.new, "reason": "", "after_first_forecast": False}
    leaves = [canonical(forecast), canonical({"version": first, "resolution": outcome})]
    content = {"import_rows": {"root": merkle.root(leaves), "forecasts": 1, "predictions": 1}}
    append(EntryKind.IMPORT_APPLIED, subject=f"import:{run.pk}", content=content, at=LATER, by=story.editor)
    return run


def test_it_works(story: Story) -> None:
    run = brought(story, bulk(settled(forecasts=settled().forecasts[:1])))
    said = json.loads(LedgerEntry.objects.latest("seq").content or "")["import_rows"]
    assert said == {"v": "2", "root": run.root, "forecasts": "1", "predictions": "1", "resolutions": "1"}
    row, resolution = run.predictions.get(), run.resolutions.get()
    forecast = {
        "prediction": row.pk, "forecaster": story.desk.pk, "issued_at": START, "recorded_at": LATER,
        "stands_from": LATER,
        "tick": 6000, "values": None, "basis": "model", "wording": "", "wording_table": "", "rationale": "",
        "provenance": "imported", "external_id": "1-0",
    }  # fmt: skip
    version = {"version": 1, "old": {}, "new": row.versions.get().new, "reason": "", "after_first_forecast": False}
    prediction = {"prediction": row.pk, "external_id": "table:1", "version": version}
    leaves = [canonical(forecast), canonical(prediction), canonical(contents.resolution(resolution))]
    assert merkle.root(leaves) == run.root


def test_an_entry_of_the_first_format_still_verifies(story: Story) -> None:
    run = import_of_the_first_format(story=story)
    assert verify().size == LedgerEntry.objects.count()
    # What a later import adds to the same prediction is in that one's tree.
    added = {"reckoner:it-will": (still_open().forecasts[0],)}
    other = brought(story, bulk(added=added))
    assert (run.forecasts.count(), other.forecasts.count(), other.predictions.count()) == (1, 1, 0)
    assert verify().size == LedgerEntry.objects.count()
    forge("UPDATE forecasts_forecast SET tick = 1 WHERE import_run_id = %s", run.pk)
    with pytest.raises(LedgerBroken, match=f"rows of import {run.pk} are not those"):
        verify()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE forecasts_prediction SET external_id = 'table:9' WHERE external_id = 'table:1'",
        "UPDATE forecasts_resolution SET outcome = 'no' WHERE outcome = 'yes'",
        "UPDATE forecasts_resolution SET import_run_id = NULL WHERE import_run_id IS NOT NULL",
        "UPDATE forecasts_prediction SET import_run_id = NULL WHERE external_id = 'table:1'",
        "UPDATE forecasts_forecast SET rationale = 'hindsight' WHERE row_index = 1",
        "UPDATE forecasts_forecast SET external_id = 'x' WHERE row_index = 1",
    ],
)
def test_whatever_an_import_brought_stands_in_its_tree(story: Story, change: str) -> None:
    applies(story, bulk(settled()))
    forge(change)
    with pytest.raises(LedgerBroken, match=r"the rows of import .* are not those that were hashed"):
        verify()


def test_a_resolution_that_claims_an_import_breaks_it(story: Story) -> None:
    run = brought(story, bulk(still_open()))
    story.resolves_directly(Prediction.objects.get(), "yes", known_at=LATER)
    assert verify().size == LedgerEntry.objects.count()
    forge("UPDATE forecasts_resolution SET import_run_id = %s", run.pk)
    with pytest.raises(LedgerBroken, match="the rows of import"):
        verify()


def test_the_status_of_an_open_import_is_known(story: Story) -> None:
    applies(story, bulk(still_open(closes_at=LATER + DAY, resolves_by=LATER + DAY)))
    forge("UPDATE forecasts_prediction SET status = 'closed' WHERE status = 'open'")
    with pytest.raises(LedgerBroken, match="status"):
        verify()
