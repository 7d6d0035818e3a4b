"""The database itself refuses to change or delete what was said, decided and hashed."""

import pytest
from django.db import Error, connection, transaction

from forecasts.actions import apply_import, record_article
from forecasts.models import Article
from tests.imported import bulk, settled
from tests.ledger.behind import TABLES, execute
from tests.story import DAY, DEADLINE, START, Story


@pytest.fixture
def rows(story: Story) -> Story:
    """At least one row in every table that only grows."""
    story.settled(0.7, "yes")
    record_article(article=Article(publisher="Wire", title="News", text="So."), at=START, by=story.editor)
    given = bulk(settled())
    apply_import(bulk=given, at=DEADLINE + DAY, by=story.approver)
    return story


CHANGES = [
    ("forecasts_forecast", "tick = 1"),
    ("forecasts_forecast", "rationale = 'hindsight'"),
    ("forecasts_forecast", "tick = tick"),
    ("forecasts_criteriaversion", "reason = 'hindsight'"),
    ("forecasts_resolution", "outcome = 'no'"),
    ("forecasts_ledgerentry", "seq = seq + 1000"),
    ("forecasts_ledgerentry", "kind = 'x'"),
    ("forecasts_ledgerentry", "at = '2020-01-01 00:00:00'"),
    ("forecasts_ledgerentry", "actor = 'x'"),
    ("forecasts_ledgerentry", "subject = 'x'"),
    ("forecasts_ledgerentry", "content_sha256 = 'x'"),
    ("forecasts_ledgerentry", "prev = 'x'"),
    ("forecasts_ledgerentry", "digest = substr(digest, 2)"),
    ("forecasts_ledgerentry", "content = 'x'"),
    ("forecasts_ledgerentry", "salt = 'x'"),
    ("forecasts_article", "text = 'x'"),
    ("forecasts_article", "text_sha256 = 'x'"),
]


def test_it_works(rows: Story) -> None:
    for table, change in CHANGES:
        refuse(f"UPDATE {table} SET {change}", table)  # noqa: S608 -- our own words


def test_nothing_is_deleted(rows: Story) -> None:
    for table in TABLES:
        refuse(f"DELETE FROM {table}", table)  # noqa: S608 -- our own words


def test_nothing_is_truncated(rows: Story) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused above")
    execute(sql="SET CONSTRAINTS ALL IMMEDIATE", given=[])  # else the rows inserted just now refuse it first
    for table in TABLES:
        refuse(f"TRUNCATE {table} CASCADE", "forecasts_")


def test_nothing_is_replaced(rows: Story) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has INSERT OR REPLACE")
    for table, key in (("forecasts_forecast", "id"), ("forecasts_resolution", "id"), ("forecasts_ledgerentry", "seq")):
        refuse(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} ORDER BY {key} LIMIT 1", table)  # noqa: S608


def refuse(sql: str, table: str) -> None:
    with pytest.raises(Error, match=f"{table}.*is append-only"), transaction.atomic():
        execute(sql=sql, given=[])


def test_what_may_change_about_an_article_does(rows: Story) -> None:
    assert execute(sql="UPDATE forecasts_article SET headline = 'Loud'", given=[]) == 1
