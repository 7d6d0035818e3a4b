"""A source that does not answer as it should: the check says why, and its silence is never a no."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from forecasts.jobs import check
from forecasts.models import Check, Finding, Prediction, Proposal, Snapshot
from tests.faults.newsroom import Newsroom, sweep
from tests.wire import Wire, serving

pytestmark = pytest.mark.django_db
PRIVATE = "http://192.168.7.7/feed.xml"
# what the wire does: then the check's status, its code, and what its sentence says would be accepted
BAD: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "a page": (
        {"body": b"<html><title>Log in</title><p>Rule R000 was published.", "content_type": "text/html"},
        "failed", "html", "expected RSS, Atom or JSON Feed",
    ),
    "empty": ({"body": b""}, "failed", "empty", "expected RSS, Atom or JSON Feed"),
    "50 MB": ({"body": b"x" * 50_000_000}, "failed", "too_large", "2,000,000"),
    "slow": ({"seconds": 3.0}, "failed", "timeout", "1 s"),
    "an error": ({"status": 500}, "failed", "http_status", "200 is expected"),
    "a redirect inwards": ({"status": 302, "location": PRIVATE}, "refused", "address", "public"),
}  # fmt: skip


@pytest.fixture
def wire(settings: Any) -> Iterator[Wire]:
    with serving() as found:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [found.host]
        yield found


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_a_failed_check_and_never_a_no(name: str, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    behaviour, status, code, accepted = BAD[name]
    policy = dataclasses.replace(check.fetch_policy(), read=1, total=1)
    monkeypatch.setattr(check, "fetch_policy", lambda: policy)
    [source] = Newsroom.begin(wire, predictions=2, sources=1).sources
    for attribute, value in behaviour.items():
        setattr(wire, attribute, value)

    sweep()
    sweep()

    row = Check.objects.get()
    assert (row.status, row.error_code) == (status, code)
    assert (PRIVATE if wire.location else source.url) in row.error
    assert accepted in row.error
    assert row.snapshot is None
    assert not Snapshot.objects.exists()
    assert not Finding.objects.exists()
    assert not Proposal.objects.exists()
    source.refresh_from_db()
    assert (source.failure_count, source.last_good_check_at, source.lease_id) == (1, None, None)
    for prediction in Prediction.objects.all():
        page = Client().get(prediction.get_absolute_url()).content.decode()
        assert 'status-overdue">Not checked' in page


def test_after_the_source_is_back_its_silence_is_put_before_an_editor(wire: Wire) -> None:
    room = Newsroom.begin(wire, predictions=2, sources=1)
    wire.status = 503
    sweep()
    assert not Proposal.objects.exists()
    wire.status = 200
    [source] = room.sources
    source.refresh_from_db()
    assert check.check_source(source.pk, source.next_check_at) is False, "it waits for its time"
    room.retry_at_once()
    sweep()
    sweep()
    assert sorted(Proposal.objects.values_list("outcome", "by_rule")) == [
        ("no", "rule:silence_after_deadline"),
        ("yes", "rule:confirming_report"),
    ]
