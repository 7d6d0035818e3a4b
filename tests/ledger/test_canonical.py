"""The one spelling: what may be hashed, and a digest worked out by hand, so that the format never changes silently."""

import datetime as dt
import enum
import hashlib
import json
from decimal import Decimal

import pytest

from forecasts.ledger.canonical import canonical, content_digest, entry_digest, instant

AT = dt.datetime(2026, 1, 31, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def test_it_works() -> None:
    value = {"b": 1, "a": [None, True, "x", Decimal("0.10"), AT, dt.date(2026, 1, 31)]}
    assert canonical(value) == b'{"a":[null,true,"x","0.10","2026-01-31T08:00:00.000000Z","2026-01-31"],"b":"1"}'


def test_keys_are_in_order_of_their_utf_16_units() -> None:
    # RFC 8785, section 3.2.3: U+1F600 is D83D DE00 in UTF-16 and so comes before U+FB33.
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":"2","\ufb33":"1"}'.encode()


def test_text_is_in_normal_form_c() -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert composed != decomposed
    assert canonical({"x": composed}) == canonical({"x": decomposed}) == '{"x":"caf\u00e9"}'.encode()


@pytest.mark.parametrize(
    "value", [0.5, 1.0, float("nan"), 1 + 2j, b"x", {1}, object()], ids=lambda value: type(value).__name__
)
def test_what_has_no_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="a ledger content holds text"):
        canonical({"x": [value]})


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        instant(dt.datetime(2026, 1, 31))  # noqa: DTZ001 -- the point


def test_a_number_and_its_text_are_spelled_alike_and_truth_is_not_a_number() -> None:
    assert canonical([1]) == canonical(["1"]) == b'["1"]'
    assert canonical([True]) == b"[true]"


def test_a_choice_is_its_value() -> None:
    class Kind(enum.StrEnum):
        ONE = "one"

    assert canonical([Kind.ONE]) == b'["one"]'


def test_the_digest_of_a_content_by_hand() -> None:
    salt = "00112233445566778899aabbccddeeff"
    by_hand = hashlib.sha256(bytes.fromhex(salt) + b'{"x":"1"}').hexdigest()
    assert content_digest(salt, canonical({"x": 1})) == by_hand
    assert by_hand == "3d6c3846be5c4f65d5ad54fb57e1ec5635f7500c2106b3f86b77bd1a63d8a90c"


def test_the_digest_of_an_entry_by_hand() -> None:
    header = {
        "actor": "user:0011223344556677",
        "at": "2026-01-31T08:00:00.000000Z",
        "content_sha256": "c" * 64,
        "kind": "prediction.opened",
        "prev": "0" * 64,
        "seq": "1",
        "subject": "prediction:12",
        "v": "1",
    }
    # Plain ASCII with sorted keys: here RFC 8785 and the standard library agree.
    spelled = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    digest = entry_digest(
        seq=1,
        kind="prediction.opened",
        at=AT,
        actor="user:0011223344556677",
        subject="prediction:12",
        content_sha256="c" * 64,
        prev="0" * 64,
    )
    assert digest == hashlib.sha256(spelled).hexdigest()
    assert digest == "0fd3658da1a7dd184f6f5fd9a25e76bcb23dfc3971263cc59b0d2884b58d1e4b"
