"""A pause between writes that follow each other closely, so that everybody else gets to write too."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
WRITING = 0.5
PAUSE = 0.15


def breathing(steps: Iterable[T]) -> Iterator[T]:
    """`steps`, with a pause of 0.15 s after each half second of them where the database is SQLite.

    Its lock has no queue: whoever waits looks every 0.1 s, and a follower that writes again at once would be faster
    every time, until an editor's save gave up. Inside a transaction a pause would only make the others wait longer.
    """
    began = time.monotonic()
    for step in steps:
        yield step
        is_locking = connection.vendor == "sqlite" and not connection.in_atomic_block
        if is_locking and time.monotonic() - began > WRITING:
            time.sleep(PAUSE)
            began = time.monotonic()
