"""The Merkle root against the recursive definition of RFC 9162, section 2.1.1, written down here again."""

import hashlib

import pytest

from forecasts.ledger import merkle


def tree_hash(rows: list[bytes]) -> bytes:
    if not rows:
        return hashlib.sha256(b"").digest()
    if len(rows) == 1:
        return hashlib.sha256(b"\x00" + rows[0]).digest()
    split = 1
    while split * 2 < len(rows):
        split *= 2  # the largest power of two smaller than the number of rows
    return hashlib.sha256(b"\x01" + tree_hash(rows[:split]) + tree_hash(rows[split:])).digest()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 100])
def test_it_works(size: int) -> None:
    rows = [f"row {number}".encode() for number in range(size)]
    assert merkle.root(iter(rows)) == tree_hash(rows).hex()


def test_the_root_of_nothing_is_the_digest_of_nothing() -> None:
    assert merkle.root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_node_cannot_pose_as_a_leaf() -> None:
    left, right = merkle.leaf(b"a"), merkle.leaf(b"b")
    assert merkle.root([left + right]) != merkle.root([b"a", b"b"])


def test_order_and_every_row_matter() -> None:
    rows = [b"a", b"b", b"c"]
    roots = {merkle.root(each) for each in (rows, rows[::-1], rows[:2], [*rows, b"c"], [b"a", b"b", b"d"])}
    assert len(roots) == 5
