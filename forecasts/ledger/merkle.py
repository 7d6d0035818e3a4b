"""The Merkle tree hash of RFC 9162, section 2.1.1: leaves prefixed 0x00, nodes 0x01."""

import hashlib
from collections.abc import Iterable


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(rows: Iterable[bytes]) -> str:
    """Root over `rows` in hex; the root of no rows is SHA-256 of nothing.

    Complete subtrees are merged as soon as two of one height stand beside each other, so memory grows with the
    logarithm of the rows.
    """
    subtrees: list[tuple[int, bytes]] = []
    for row in rows:
        height, digest = 0, leaf(row)
        while subtrees and subtrees[-1][0] == height:
            digest = node(subtrees.pop()[1], digest)
            height += 1
        subtrees.append((height, digest))
    if not subtrees:
        return hashlib.sha256(b"").hexdigest()
    digest = subtrees.pop()[1]
    while subtrees:
        digest = node(subtrees.pop()[1], digest)
    return digest.hex()
