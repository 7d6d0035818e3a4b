"""Signatures of webhooks, against computations by hand."""

import base64
import datetime as dt
import hashlib
import hmac

import pytest

from forecasts.evidence.signing import new_secret, signature, signed_headers

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
AT = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
BODY = '{"type":"prediction.opened","data":{"statement":"Übermorgen “=1+1”"}}'.encode()


def by_hand(key: bytes, message: bytes) -> str:
    """HMAC (RFC 2104) from nothing but the hash."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message).digest()
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()
    return "v1," + base64.b64encode(outer).decode()


def test_it_works() -> None:
    message = b"evt_7." + str(1_767_268_800).encode() + b"." + BODY
    assert int(AT.timestamp()) == 1_767_268_800
    assert signature(SECRET, "evt_7", 1_767_268_800, BODY) == by_hand(b"0123456789abcdef0123456789abcdef", message)


def test_the_example_of_the_specification() -> None:
    secret, event, timestamp = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(secret, event, timestamp, b'{"test": 2432232314}') == expected


def test_every_secret_signs_the_newest_first() -> None:
    other = new_secret()
    headers = dict(signed_headers((other, SECRET), "evt_7", AT, BODY))
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("evt_7", "1767268800")
    expected = [signature(secret, "evt_7", 1_767_268_800, BODY) for secret in (other, SECRET)]
    assert headers["webhook-signature"].split(" ") == expected


def test_a_secret_has_256_bits_and_is_never_the_same() -> None:
    made = {new_secret() for _ in range(9)}
    assert len(made) == 9
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in made} == {32}


@pytest.mark.parametrize("wrong", ["whsec_no base64!", "whsec_abc"])
def test_what_is_no_secret_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(ValueError, match="a secret is whsec_ and base64") as caught:
        signature(wrong, "evt_1", 1, b"")
    assert wrong not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_computation_by_hand_agrees_with_the_standard_library() -> None:
    expected = base64.b64encode(hmac.digest(b"key", b"message", "sha256")).decode()
    assert by_hand(b"key", b"message") == f"v1,{expected}"
