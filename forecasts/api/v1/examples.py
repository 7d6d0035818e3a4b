"""What was answered to one request for each operation, and to one mistake for each error code.

`examples.json` is recorded by tests/api/test_examples.py, which also holds that the same is answered today. Lists are
cut to their first rows.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("examples.json")


@cache
def _kept() -> dict[str, dict[str, Any]]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def answered(operation: str) -> dict[str, str | Any] | None:
    """The `request` and the `answer`; None for an operation of which none is recorded yet."""
    return _kept()["operations"].get(operation)


def refused(code: str) -> Any:
    """The problem document of an error."""
    return _kept()["errors"].get(code)
