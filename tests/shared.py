"""Reference data that lives outside the repository; tests that need it skip with a reason where it is absent."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


def shared_data(name: str) -> Path:
    folder = Path(os.environ.get("RECKONER_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    path = folder / name
    if not path.exists():
        pytest.skip(f"reference data {name} is not here; set RECKONER_SHARED_DATA to the folder that holds it")
    return path
