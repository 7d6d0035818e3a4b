"""Whatever comes back, it is an assessment or a failure that is ours."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.errors import UnreadableSource
from forecasts.evidence.assessors.answer import NEEDS_QUOTE, OVERRULED, Reply, judge, read_reply
from forecasts.evidence.assessors.kind import RELATIONS
from tests.evidence.assessors.conftest import QUESTION, REPORT, SENTENCE
from tests.evidence.assessors.model import answer, completion

scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
values = st.recursive(
    scalars, lambda of: st.lists(of, max_size=3) | st.dictionaries(st.text(max_size=5), of, max_size=3)
)
quotes = st.sampled_from(
    [SENTENCE, SENTENCE[:-1], "Strelsau. The authority adopted", "It was never said here by anyone."]
)
documents = st.fixed_dictionaries(
    {
        "relation": st.sampled_from(RELATIONS) | values,
        "event_date": st.dates().map(str) | values,
        "quotes": st.lists(quotes, max_size=4) | values,
        "unmet": st.lists(st.text(max_size=5), max_size=2) | values,
        "annul_reason": st.text(max_size=5) | values,
        "confidence": st.floats(0, 1) | values,
        "why": st.text(max_size=5) | values,
    }
)


def reply(content: str | None) -> Reply:
    return Reply(content, finish="stop", refusal=False, model="m", prompt_tokens=1, completion_tokens=1)


@given(documents | values)
def test_every_answer_becomes_an_assessment_that_is_proved_or_tells_nothing(said: Any) -> None:
    found = judge(reply(json.dumps(said)), QUESTION, REPORT)
    assert found.relation in RELATIONS
    assert found.overruled in {"", *OVERRULED}
    if found.overruled:
        assert found.relation == "cannot_tell"
    else:
        assert found.relation == found.claimed
    if found.relation in NEEDS_QUOTE:
        assert found.quotes
    assert all(REPORT.text[quote.start : quote.end] == quote.text for quote in found.quotes)
    assert 0 <= found.confidence <= 1


@given(st.binary(max_size=40) | values.map(lambda value: json.dumps(value).encode()))
def test_every_body_is_a_completion_or_a_failure(body: bytes) -> None:
    with pytest.raises(UnreadableSource):
        read_reply(body)


messages = values | st.fixed_dictionaries({"content": values | st.just("x")})
choices = st.fixed_dictionaries({"message": messages, "finish_reason": values})


@given(st.fixed_dictionaries({"choices": st.lists(choices, max_size=2)}, optional={"model": values, "usage": values}))
def test_every_almost_completion_is_one_or_a_failure(document: Any) -> None:
    try:
        found = read_reply(json.dumps(document).encode())
    except UnreadableSource:
        return
    assert judge(found, QUESTION, REPORT).relation == "cannot_tell"


@pytest.mark.parametrize("depth", [100, 300, 480, 700, 990, 50_000])
@pytest.mark.parametrize("name", ["model", "usage", "finish"])
def test_depth_breaks_nothing(name: str, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    body = completion(answer("related"), **{name: "HERE"}).replace(b'"HERE"', deep.encode())
    try:
        assert judge(read_reply(body), QUESTION, REPORT).relation == "related"
    except UnreadableSource:
        assert depth > 480 or name == "usage"


def test_the_docs_list_every_reason() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "assessors.md").read_text()
    assert re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE) == list(OVERRULED.items())
