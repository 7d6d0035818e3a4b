"""Seeds derived from the data themselves, so that the same page always shows the same band."""

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

SEED_BYTES = 6  # below 2^53, so that JSON readers keep it exact


def seed_of(*arrays: NDArray[np.int64] | NDArray[np.float64]) -> int:
    """A seed from the SHA-256 of the arrays' little-endian 64-bit values, each preceded by its length."""
    digest = sha256()
    for array in arrays:
        digest.update(array.size.to_bytes(8, "little"))
        digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
    return int.from_bytes(digest.digest()[:SEED_BYTES], "little")
