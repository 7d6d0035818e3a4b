"""Whatever is asked, the answer is an answer or a clear refusal."""

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.story import Story

ROUTES = ("predictions", "forecasts", "forecasters", "topics", "calibration", "ledger/entries", "sources/health", "")
NAMES = ("q", "state", "topic", "forecaster", "article", "prediction", "track", "cohort", "counting", "basis")
ANSWERS = ((200, "application/json"), (400, "application/problem+json"))
names = st.sampled_from((*NAMES, "cursor", "limit", "format")) | st.text(max_size=10)
values = (
    st.sampled_from(("open", "live", "all", "due", "last", "time", "policy-desk", "rivers", "json", "0", "-1", "1.1"))
    | st.integers().map(str)
    | st.integers(0, 10**20).map(lambda n: f"{n}.{n}")
    | st.text()
    | st.binary()
)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("q=%00", "NUL"),
        ("q=%FF", "UTF-8"),
        ("q=%ED%A0%80", "UTF-8"),
        ("q=\xff", "UTF-8"),
        ("%FF=1", "UTF-8"),
        ("q=a&q=b", "give it once"),
        ("q=" + "a" * 10_000, "at most 200 characters; there are 10000"),
        ("a" * 10_000 + "=1", "the parameters here are"),
        ("&".join(f"a{n}=1" for n in range(1_001)), "GET/POST"),
        ("format=json&format=csv", "json"),
    ],
)
def test_what_no_parameter_can_hold_is_refused(db: None, query: str, told: str) -> None:
    response = Client().generic("GET", "/api/v1/predictions", QUERY_STRING=query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert told in response.content.decode()


@example("predictions", [("cursor", "1795391819807598.123")])
@example("predictions", [("cursor", "-99999999999999999.1")])
@example("forecasts", [("cursor", "9" * 30)])
@given(route=st.sampled_from(ROUTES), pairs=st.lists(st.tuples(names, values), max_size=3))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_asked_breaks_it(story: Story, route: str, pairs: list[tuple[str, str | bytes]]) -> None:
    """The client raises whatever is not answered."""
    query = "&".join(f"{quote(name, errors='replace')}={quote(value, **_lenient(value))}" for name, value in pairs)
    response = Client().get(f"/api/v1/{route}?{query}")
    assert (response.status_code, response["Content-Type"]) in ANSWERS


def _lenient(value: str | bytes) -> dict[str, str]:
    return {"errors": "replace"} if isinstance(value, str) else {}
