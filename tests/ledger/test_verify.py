"""Verification finds whatever was changed, dropped, swapped, inserted or cut off, and names the entry."""

import datetime as dt
import hashlib
from collections.abc import Callable

import pytest
from django.db import Error, transaction

from forecasts.actions import apply_import
from forecasts.errors import LedgerBroken
from forecasts.ledger.canonical import entry_digest
from forecasts.ledger.verify import GENESIS, verify
from forecasts.models import Forecast, LedgerEntry, LedgerHead
from tests.imported import bulk, settled
from tests.ledger.behind import execute, forge
from tests.story import DAY, DEADLINE, Story

ENTRY = "UPDATE forecasts_ledgerentry SET"


@pytest.fixture
def life(story: Story) -> Story:
    """A prediction's whole life, and an import."""
    story.settled(0.7, "yes")
    apply_import(bulk=bulk(settled()), at=DEADLINE + 9 * DAY, by=story.approver)
    return story


def broken(seq: int, why: str = "entry") -> None:
    with pytest.raises(LedgerBroken, match=why) as caught:
        verify()
    assert caught.value.seq == seq
    assert str(caught.value).startswith(f"entry {seq}: ")


def test_it_works(life: Story) -> None:
    found, last = verify(), LedgerEntry.objects.latest("seq")
    assert (found.size, found.digest, found.erased) == (last.seq, last.digest, 0)
    # A version, a forecast, a resolution, an import; and the two predictions as they stand.
    assert found.rows == 4 + 2
    assert list(LedgerEntry.objects.values_list("seq", flat=True)) == list(range(1, found.size + 1))
    head = LedgerHead.objects.get()
    assert (head.size, head.digest) == (found.size, found.digest)


def test_an_empty_ledger_holds(db: None) -> None:
    assert verify().digest == GENESIS


TEXTS = ("kind", "actor", "subject", "content_sha256", "prev", "digest", "content", "salt")


def test_any_byte_of_any_text_column_matters(life: Story) -> None:
    sound = LedgerEntry.objects.get(seq=3)
    for column in TEXTS:
        text = getattr(sound, column)
        for place in (0, len(text) // 2, len(text) - 1):
            forge(f"{ENTRY} {column} = %s WHERE seq = 3", flipped(text, place))
            broken(3)
        forge(f"{ENTRY} {column} = %s WHERE seq = 3", text)
    verify()


def flipped(text: str, place: int) -> str:
    """`text` with one bit of one byte changed."""
    data = bytearray(text.encode())
    data[place] ^= 1
    return data.decode()


def test_a_salt_that_is_no_salt_is_a_break_and_not_a_crash(life: Story) -> None:
    forge(f"{ENTRY} salt = 'zz' WHERE seq = 4")
    broken(4, "its content is not the content that was hashed")


def test_back_dating_by_a_microsecond_breaks_it(life: Story) -> None:
    entry = LedgerEntry.objects.get(seq=3)
    forge(f"{ENTRY} at = %s WHERE seq = 3", entry.at - dt.timedelta(microseconds=1))
    broken(3, "its digest does not follow from its header")


def test_content_that_differs_only_in_normal_form_breaks_it(story: Story) -> None:
    story.topic("cafe")
    story.draft(statement="The caf\u00e9 will publish a list.")
    entry = LedgerEntry.objects.latest("seq")
    assert entry.content is not None
    forge(f"{ENTRY} content = %s WHERE seq = %s", entry.content.replace("\u00e9", "e\u0301"), entry.seq)
    broken(entry.seq, "its content is not the content that was hashed")


def test_a_dropped_entry_is_missed(life: Story) -> None:
    forge("DELETE FROM forecasts_ledgerentry WHERE seq = 3")
    broken(3, "it is missing; the next one found is 4")


def test_a_cut_off_tail_is_missed(life: Story) -> None:
    last = verify().size
    forge("DELETE FROM forecasts_ledgerentry WHERE seq > %s", last - 2)
    broken(last - 1, f"it is missing; the head counts {last} entries")


def test_a_tail_cut_off_together_with_the_head_leaves_rows_untold(life: Story) -> None:
    before = LedgerEntry.objects.get(seq=verify().size - 1)
    forge("DELETE FROM forecasts_ledgerentry WHERE seq > %s", before.seq)
    forge("UPDATE forecasts_ledgerhead SET size = %s, digest = %s", before.seq, before.digest)
    broken(before.seq, "import:.* stands in the database, but no entry up to here speaks of it")


def test_two_entries_that_changed_places_are_found(life: Story) -> None:
    for old, new in ((3, 900), (4, 3), (900, 4)):
        forge(f"{ENTRY} seq = %s WHERE seq = %s", new, old)
    broken(3, "its previous digest is not the digest of the entry before it")


def test_an_inserted_entry_is_found(life: Story) -> None:
    size = verify().size
    for seq in range(size, 3, -1):
        forge(f"{ENTRY} seq = %s WHERE seq = %s", seq + 1, seq)
    copy(3, 4)
    broken(4, "its previous digest")


def copy(seq: int, to: int) -> None:
    digest = hashlib.sha256(str(to).encode()).hexdigest()
    forge(
        "INSERT INTO forecasts_ledgerentry "
        "(seq, kind, at, actor, subject, content_sha256, prev, digest, content, salt) "
        "SELECT %s, kind, at, actor, subject, content_sha256, prev, %s, content, salt "
        "FROM forecasts_ledgerentry WHERE seq = %s",
        to,
        digest,
        seq,
    )


def test_an_entry_behind_the_head_is_found(life: Story) -> None:
    size = verify().size
    copy(size, size + 1)
    broken(size + 1)


def test_an_entry_forged_with_its_digest_breaks_the_next_one(life: Story) -> None:
    entry = LedgerEntry.objects.get(seq=3)
    fields = ("seq", "kind", "at", "actor", "content_sha256", "prev")
    digest = entry_digest(subject="prediction:999", **{name: getattr(entry, name) for name in fields})
    forge(f"{ENTRY} subject = 'prediction:999', digest = %s WHERE seq = 3", digest)
    broken(4, "its previous digest")


def test_a_lost_or_other_head_is_found(life: Story) -> None:
    size = verify().size
    forge("UPDATE forecasts_ledgerhead SET digest = %s", "f" * 64)
    broken(size, "the head names another last entry")
    forge("DELETE FROM forecasts_ledgerhead")
    broken(size, "the head, which counts the entries, is gone")


def test_erased_content_verifies_as_erased(life: Story) -> None:
    for entry in LedgerEntry.objects.all():
        assert entry.content is not None
    forge(f"{ENTRY} content = NULL, salt = NULL")
    found = verify()
    # The imported prediction has no entry of its own and is still held against its first version.
    assert (found.erased, found.rows) == (found.size, 1)


def test_content_may_be_erased_with_the_triggers_on_and_never_replaced(story: Story) -> None:
    before = LedgerEntry.objects.get(seq=1)
    execute(sql=f"{ENTRY} content = NULL, salt = NULL WHERE seq = 1", given=[])
    assert verify().erased == 1
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        execute(sql=f"{ENTRY} content = %s, salt = %s WHERE seq = 1", given=[before.content, before.salt])


ROWS: list[tuple[str, Callable[[], int], str]] = [
    ("UPDATE forecasts_forecast SET tick = 9999", lambda: seq_of("forecast.issued"), "forecast .* in: tick"),
    ("UPDATE forecasts_forecast SET provenance = 'imported'", lambda: seq_of("forecast.issued"), "in: provenance"),
    ("UPDATE forecasts_resolution SET outcome = 'no'", lambda: seq_of("prediction.resolved"), "in: outcome"),
    ("UPDATE forecasts_resolution SET note = 'x'", lambda: seq_of("prediction.resolved"), "in: note"),
    ("UPDATE forecasts_criteriaversion SET reason = 'x'", lambda: seq_of("prediction.logged"), "in: reason"),
    ("UPDATE forecasts_criteriaversion SET number = 2", lambda: seq_of("prediction.logged"), "version 1 .* is gone"),
]


def seq_of(kind: str) -> int:
    return LedgerEntry.objects.get(kind=kind).seq


@pytest.mark.parametrize(("sql", "seq", "why"), ROWS)
def test_a_row_changed_behind_its_back_breaks_its_entry(
    story: Story, sql: str, seq: Callable[[], int], why: str
) -> None:
    story.settled(0.7, "yes")
    forge(sql)
    broken(seq(), why)


def test_a_row_deleted_behind_its_back_breaks_its_entry(story: Story) -> None:
    forecast = story.says(story.opened(), 0.7)
    forge("DELETE FROM forecasts_forecast WHERE id = %s", forecast.pk)
    broken(seq_of("forecast.issued"), f"forecast {forecast.pk} is gone")


@pytest.mark.parametrize(
    "change",
    [
        "tick = 9999",
        "issued_at = '2025-01-01 00:00:00'",
        "provenance = 'live'",
        "stands_from = issued_at",
        "basis = 'market'",
        "row_index = row_index + 7 WHERE row_index = 0",
    ],
)
def test_an_imported_row_changed_behind_its_back_breaks_the_imports_entry(life: Story, change: str) -> None:
    where = "" if "WHERE" in change else "WHERE import_run_id IS NOT NULL"
    forge(f"UPDATE forecasts_forecast SET {change} {where}")  # noqa: S608 -- our own words
    broken(seq_of("import.applied"), "the rows of import .* are not those that were hashed")


def test_an_imported_prediction_without_its_version_breaks_the_imports_entry(life: Story) -> None:
    forge(
        "DELETE FROM forecasts_criteriaversion WHERE prediction_id IN "
        "(SELECT prediction_id FROM forecasts_forecast WHERE import_run_id IS NOT NULL)"
    )
    broken(seq_of("import.applied"), "the rows of import .* are not those that were hashed")


def test_a_forecast_of_which_no_entry_speaks_is_found(story: Story) -> None:
    story.says(story.opened(), 0.7)
    columns = ", ".join(f'"{field.column}"' for field in Forecast._meta.concrete_fields if field.name != "id")
    forge(f"INSERT INTO forecasts_forecast ({columns}) SELECT {columns} FROM forecasts_forecast")  # noqa: S608 -- our own words
    broken(verify_size(), "forecast:.* no entry up to here speaks of it")


def test_a_version_of_which_no_entry_speaks_is_found(story: Story) -> None:
    story.opened()
    forge(
        "INSERT INTO forecasts_criteriaversion "
        "(prediction_id, number, old, new, reason, by_id, at, after_first_forecast) "
        "SELECT prediction_id, 2, old, new, reason, by_id, at, after_first_forecast FROM forecasts_criteriaversion"
    )
    broken(verify_size(), r"version:\d+\.2 stands in the database")


def test_a_forged_correction_of_an_imported_outcome_is_found(life: Story) -> None:
    forge(
        "INSERT INTO forecasts_resolution "
        "(prediction_id, outcome, void_reason, known_at, resolved_at, "
        "proposed_by_rule, note, evidence_exception, supersedes_id) "
        "SELECT prediction_id, 'no', '', known_at, resolved_at, proposed_by_rule, note, evidence_exception, id "
        "FROM forecasts_resolution WHERE proposed_by_rule = 'import'"
    )
    broken(verify_size(), "resolution:.* no entry up to here speaks of it")


def verify_size() -> int:
    return LedgerHead.objects.get().size


def test_a_float_never_gets_into_a_content(story: Story) -> None:
    size = verify().size
    with pytest.raises(TypeError, match="a ledger content holds text"):
        story.draft(suggested_tick=0.5)
    assert verify().size == size
