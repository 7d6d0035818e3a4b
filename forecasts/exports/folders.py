"""A folder that appears under its name only when everything is in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART = ".part-"  # begins the name of what is being written, or deleted


@contextmanager
def whole_folder(done: Path) -> Iterator[Path]:
    """A folder to write into, beside `done`, which it becomes at the end unless an error ends it. Raises OSError.

    `done` must not be there, or be empty. A writer that is killed leaves a folder whose name begins with `PART`.
    """
    done.parent.mkdir(parents=True, exist_ok=True)
    if done.exists():
        done.rmdir()
    part = done.with_name(f"{PART}{done.name}-{os.getpid()}")
    part.mkdir()
    try:
        yield part
        part.rename(done)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
