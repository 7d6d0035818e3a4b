"""What several tests of jobs need."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.assessing import model_at_work
from tests.evidence.assessors.model import ModelServer


@pytest.fixture
def model(settings: Any) -> Iterator[ModelServer]:
    with model_at_work(settings) as server:
        yield server
