"""Asking a language model: what is sent, what is believed, and what becomes of everything else."""

import datetime as dt
import hashlib
import json
import logging
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from forecasts.errors import FetchFailed, FetchRefused, FetchTooLarge, Refused, UnreadableSource
from forecasts.evidence.assessors import LlmOptions, Usage, build_assessor
from forecasts.evidence.assessors.answer import OVERRULED
from forecasts.evidence.assessors.llm import LlmAssessor
from forecasts.evidence.assessors.prompt import PROMPT_VERSION, SCHEMA, SYSTEM
from forecasts.evidence.fetch import BadStatus
from tests.evidence.assessors.conftest import KEY, QUESTION, REPORT, SENTENCE, Assess
from tests.evidence.assessors.model import PATH, ModelServer, answer, completion
from tests.evidence.server import PUBLIC_IP, Net, redirect, response

Make = Callable[..., LlmAssessor]


def test_it_works(model: ModelServer, assess: Assess) -> None:
    said = answer("confirms", SENTENCE, event_date="2026-03-03", unmet=["none"], why="It was adopted.")
    model.routes[PATH] = response(completion(said))
    found = assess(prompt_price=Decimal("0.15"), completion_price=Decimal("0.6"))
    assert (found.relation, found.claimed, found.overruled) == ("confirms", "confirms", "")
    (quote,) = found.quotes
    assert quote.text == SENTENCE == REPORT.text[quote.start : quote.end]
    assert found.event_date == dt.date(2026, 3, 3)
    assert (found.unmet, found.why, found.confidence) == (("none",), "It was adopted.", 0.9)
    assert (found.model, found.prompt_version) == ("wordy-1", PROMPT_VERSION)
    assert found.usage == Usage(1000, 50, cost_micros=150 + 30)


def test_one_call_asks_about_one_report_without_tools(model: ModelServer, reply: Assess) -> None:
    reply(answer("related"))
    (head,), (body,) = model.asked, model.posted
    document = json.loads(body)
    assert head.startswith("POST /v1/chat/completions HTTP/1.1\r\n")
    assert f"Authorization: Bearer {KEY}" in head
    assert "cookie" not in head.lower()
    assert set(document) == {"model", "messages", "temperature", "max_tokens", "response_format"}
    assert document["response_format"]["json_schema"] == {"name": "assessment", "strict": True, "schema": SCHEMA}
    system, user = document["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert system["content"] == SYSTEM
    for part in (QUESTION.statement, QUESTION.criteria, REPORT.title, SENTENCE, "2026-03-04", "2026-06-30 23:59"):
        assert part in user["content"]
    assert REPORT.url not in user["content"]


def test_a_new_prompt_needs_a_new_version() -> None:
    digest = hashlib.sha256((SYSTEM + json.dumps(SCHEMA, sort_keys=True)).encode()).hexdigest()
    assert (PROMPT_VERSION, digest[:16]) == ("assess-1", "a6039660fdb52560")


def test_what_is_missing_is_refused_when_it_is_built() -> None:
    options = LlmOptions(url="", model="wordy", allowed=frozenset())
    with pytest.raises(Refused, match="name both an endpoint and a model"):
        build_assessor("llm", options)
    with pytest.raises(Refused, match="give one of llm"):
        build_assessor("oracle", options)
    assert build_assessor("llm", replace(options, url="https://model.test/v1")).version == "wordy assess-1"


@pytest.mark.parametrize(
    ("content", "changes", "why"),
    [
        (None, {}, "wrong_schema"),
        ("", {}, "invalid_json"),
        ("I think it confirms.", {}, "invalid_json"),
        ("```json\n{}\n```", {}, "invalid_json"),
        ('{"relation": NaN}', {}, "invalid_json"),
        ('{"relation": "related", "relation": "confirms"}', {}, "invalid_json"),
        ("[" * 100_000, {}, "invalid_json"),
        ('{"confidence": ' + "9" * 5000 + "}", {}, "invalid_json"),
        ("{}", {}, "wrong_schema"),
        ("[]", {}, "wrong_schema"),
        (answer("confirms", SENTENCE, extra=1), {}, "wrong_schema"),
        (answer("certainly", SENTENCE), {}, "wrong_schema"),
        (answer(["confirms"], SENTENCE), {}, "wrong_schema"),  # type: ignore[arg-type]
        (answer("confirms", SENTENCE, event_date="3 March"), {}, "wrong_schema"),
        (answer("confirms", SENTENCE, event_date="2026-02-30"), {}, "wrong_schema"),
        (answer("confirms", SENTENCE, event_date=20260303), {}, "wrong_schema"),
        (answer("confirms", SENTENCE, event_date="٢٠٢٦-٠٣-٠٣"), {}, "wrong_schema"),
        (answer("confirms", quotes=SENTENCE), {}, "wrong_schema"),
        (answer("confirms", *[SENTENCE] * 4), {}, "wrong_schema"),
        (answer("confirms", quotes=[{"text": SENTENCE}]), {}, "wrong_schema"),
        (answer("confirms", SENTENCE, confidence=1.5), {}, "wrong_schema"),
        (answer("confirms", SENTENCE, confidence=True), {}, "wrong_schema"),
        (answer("confirms", SENTENCE, confidence="high"), {}, "wrong_schema"),
        (answer("confirms", SENTENCE, unmet=None), {}, "wrong_schema"),
        (answer("confirms", SENTENCE), {"finish": "length"}, "truncated"),
        (answer("confirms", SENTENCE), {"finish": "content_filter"}, "refusal"),
        (answer("confirms", SENTENCE), {"finish": "tool_calls"}, "unfinished"),
        (answer("confirms", SENTENCE), {"message": {"tool_calls": [{"id": "1"}]}}, "wrong_schema"),
        (None, {"message": {"refusal": "I cannot help with that."}}, "refusal"),
    ],
)
def test_an_answer_that_makes_no_sense_tells_nothing(
    content: object, changes: dict[str, Any], why: str, reply: Assess
) -> None:
    found = reply(content, **changes)
    assert (found.relation, found.overruled, found.why) == ("cannot_tell", why, OVERRULED[why])
    assert found.usage.prompt_tokens == 1000  # it was paid for all the same


@pytest.mark.parametrize(
    ("relation", "quotes", "why"),
    [
        ("confirms", (), "no_quote"),
        ("refutes", (), "no_quote"),
        ("partial", (), "no_quote"),
        ("confirms", ("The authority adopted the binding watermarking rule on 2026-03-04.",), "quote_not_found"),
        ("confirms", (SENTENCE.upper(),), "quote_not_found"),
        ("confirms", (SENTENCE, "The minister welcomed the new rule in parliament."), "quote_not_found"),
        ("unrelated", ("The minister welcomed the new rule in parliament.",), "quote_not_found"),
        ("confirms", ("thority adopted the binding watermarking rule on",), "quote_not_found"),
        ("confirms", ("adopted the binding rule",), "quote_not_found"),
        ("confirms", ("",), "quote_not_found"),
        ("confirms", ("It enters into force",), "short_quote"),
        ("confirms", ("watermarking rule on 2026",), "short_quote"),
    ],
)
def test_without_its_words_in_the_report_nothing_is_believed(
    relation: str, quotes: tuple[str, ...], why: str, reply: Assess
) -> None:
    found = reply(answer(relation, *quotes))
    assert (found.relation, found.claimed, found.overruled) == ("cannot_tell", relation, why)


@pytest.mark.parametrize("relation", ["related", "unrelated", "cannot_tell"])
def test_what_claims_nothing_needs_no_quote(relation: str, reply: Assess) -> None:
    found = reply(answer(relation))
    assert (found.relation, found.overruled, found.quotes) == (relation, "", ())


MARCH = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
LATE = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("relation", "day", "published_at", "why"),
    [
        ("confirms", "2026-07-01", LATE, "after_deadline"),
        ("partial", "2026-07-01", LATE, "after_deadline"),
        ("refutes", "2026-07-01", LATE, ""),
        ("confirms", "2026-06-30", LATE, ""),
        ("confirms", "2025-12-31", MARCH, "before_opening"),
        ("refutes", "2025-12-31", MARCH, "before_opening"),
        ("confirms", "2026-01-01", MARCH, ""),
        ("confirms", None, dt.datetime(2025, 12, 31, tzinfo=dt.UTC), "before_opening"),
        ("confirms", "2026-03-20", MARCH, "not_yet"),
        ("confirms", "2026-03-05", MARCH, ""),
        ("confirms", "2026-03-20", None, ""),
        ("related", "2025-12-31", MARCH, ""),
    ],
)
def test_dates_outside_the_window_win_over_the_model(
    relation: str, day: str | None, published_at: dt.datetime | None, why: str, reply: Assess
) -> None:
    found = reply(answer(relation, SENTENCE, event_date=day), report=replace(REPORT, published_at=published_at))
    assert found.overruled == why
    assert found.relation == ("cannot_tell" if why else relation)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Sign in</html>", b"{}", b'{"choices": []}', b'{"choices": [{"message": "x"}]}', b"[1]", b"\xff",
     b'{"choices": {"0": 1}}', b'{"choices": [{"message": []}]}', b'{"choices": [{"message": {}}], "usage": [1]}'],
)  # fmt: skip
def test_an_endpoint_that_is_none_is_a_failure_and_not_an_answer(
    body: bytes, model: ModelServer, assess: Assess
) -> None:
    model.routes[PATH] = response(body)
    with pytest.raises(UnreadableSource):
        assess()


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": -1, "completion_tokens": 2}, {"prompt_tokens": "9"}])
def test_what_an_answer_took_is_bounded_when_it_does_not_say(usage: object, model: ModelServer, make: Make) -> None:
    model.routes[PATH] = response(completion(answer("related"), usage=usage))
    asking = make(prompt_price=Decimal(1), completion_price=Decimal(2))
    found = asking.assess(QUESTION, REPORT)
    assert found.usage.estimated
    assert found.usage.cost_micros == len(model.posted[0]) + 2 * 900 == asking.at_most(QUESTION, REPORT)


@pytest.mark.parametrize(
    ("status", "retry_after"),
    [("401 Unauthorized", None), ("403 Forbidden", None), ("429 Too Many Requests", 17), ("500 Oh", None)],
)
def test_a_bad_status_is_a_failure_that_says_when_to_come_back(
    status: str, retry_after: int | None, model: ModelServer, assess: Assess
) -> None:
    model.routes[PATH] = response(b"{}", *(["Retry-After: 17"] if retry_after else []), status=status)
    with pytest.raises(BadStatus) as caught:
        assess()
    assert (caught.value.http_status, caught.value.retry_after) == (int(status[:3]), retry_after)


def test_a_redirect_is_not_followed(model: ModelServer, assess: Assess) -> None:
    model.routes[PATH] = redirect(f"http://model.test:{model.port}/elsewhere")
    with pytest.raises(BadStatus, match="answered 302"):
        assess()
    assert len(model.asked) == 1


def test_a_model_that_never_answers_costs_no_more_than_its_time(model: ModelServer, assess: Assess) -> None:
    model.routes[PATH] = lambda connection: model.closing.wait(5) and None
    began = time.monotonic()
    with pytest.raises(FetchTooLarge) as caught:
        assess(seconds=0.3)
    assert caught.value.code == "timeout"
    assert time.monotonic() - began < 2


def test_a_slow_drip_is_cut(model: ModelServer, assess: Assess) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not model.closing.wait(0.05):
            connection.sendall(b" ")

    model.routes[PATH] = drip
    with pytest.raises(FetchTooLarge) as caught:
        assess(seconds=0.4)
    assert caught.value.code == "timeout"


@pytest.mark.parametrize("length", [True, False])
def test_an_answer_without_end_is_cut(length: bool, model: ModelServer, assess: Assess) -> None:
    model.routes[PATH] = response(b" " * 300_000, length=length)
    with pytest.raises(FetchTooLarge):
        assess()


def test_a_broken_off_answer_is_a_failure(model: ModelServer, assess: Assess) -> None:
    model.routes[PATH] = response(completion(answer("related")))[:-20]
    with pytest.raises(FetchFailed) as caught:
        assess()
    assert not caught.value.permanent


def test_only_listed_endpoints_are_asked(model: ModelServer, net: Net, assess: Assess) -> None:
    listed = frozenset({("model.test", 443), ("other.test", net.port)})
    with pytest.raises(FetchRefused, match="an operator must list it") as caught:
        assess(allowed=listed)
    assert caught.value.code == "endpoint"
    assert (net.looked_up, model.asked) == ([], [])


@pytest.mark.parametrize(
    ("address", "code"), [(PUBLIC_IP, "plaintext"), ("169.254.169.254", "address"), ("100.64.0.1", "address")]
)
def test_a_listed_name_that_leads_elsewhere_is_not_asked(
    address: str, code: str, net: Net, model: ModelServer, assess: Assess
) -> None:
    net.names["model.test"] = [[address]]
    with pytest.raises(FetchRefused) as caught:
        assess()
    assert caught.value.code == code
    assert (net.dialled, model.asked) == ([], [])


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://user:pw@model.test/v1", "http://model.test\\@x/v1"])
def test_an_odd_address_is_refused(url: str, assess: Assess) -> None:
    with pytest.raises(FetchRefused):
        assess(url=url)


def test_the_key_shows_nowhere(
    model: ModelServer, make: Make, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    caplog.set_level(logging.DEBUG)
    asking = make()
    for route in (response(b"", status="401 Unauthorized"), response(KEY.encode()), response(completion(KEY))):
        model.routes[PATH] = route
        told = ""
        try:
            told = repr(asking.assess(QUESTION, REPORT))
        except FetchFailed as error:
            told = f"{error!r} {error.detail} {error.__cause__!r}"
        assert KEY not in told
    assert KEY not in repr(asking) + repr(asking._options)
    assert KEY not in caplog.text
    assert not recwarn.list


@pytest.mark.parametrize("key", ["two words", "line\r\nX-Evil: 1", "schlüssel", "a\0b"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_told(key: str, model: ModelServer, assess: Assess) -> None:
    with pytest.raises(FetchRefused) as caught:
        assess(key=key)
    assert caught.value.code == "header"
    assert key not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
    assert model.asked == []


def test_without_a_key_none_is_sent(model: ModelServer, assess: Assess) -> None:
    model.routes[PATH] = response(completion(answer("related")))
    assess(key="")
    assert "Authorization" not in model.asked[0]


def test_the_digest_covers_what_is_shown() -> None:
    assert replace(REPORT, url="http://other.test/").digest == REPORT.digest
    others = (replace(REPORT, title="x"), replace(REPORT, text="x"), replace(REPORT, published_at=None))
    assert len({REPORT.digest, *(other.digest for other in others)}) == 4
