from collections.abc import Iterator

import pytest

from forecasts.jobs.made_sums import made_sums, stored_made


@pytest.fixture(autouse=True)
def counts_of_predictions_follow(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test of an action did, the counts that it moved are those of what is there then."""
    if "story" in request.fixturenames:
        request.getfixturevalue("story")
    yield
    if "story" in request.fixturenames:
        assert stored_made() == made_sums()
