"""A model on loopback, known as model.test on a private network, and an assessor that asks it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from forecasts.evidence.assessors import Assessment, LlmOptions, Question, Report
from forecasts.evidence.assessors.llm import LlmAssessor
from tests.evidence.assessors.model import PATH, ModelServer, completion
from tests.evidence.server import Net, response

PRIVATE_IP = "10.0.0.7"
KEY = "sk-very-secret-0123456789"
QUESTION = Question(
    statement="The authority of Ruritania will adopt a binding watermarking rule by 30 June 2026.",
    criteria="Yes if its gazette carries the binding rule by the deadline.",
    opens_at=dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC),
    deadline=dt.datetime(2026, 6, 30, 23, 59, 59, tzinfo=dt.UTC),
)
SENTENCE = "The authority adopted the binding watermarking rule on 2026-03-03."
REPORT = Report(
    title="Rule adopted",
    text=f"Strelsau. {SENTENCE} It enters into force at once.",
    url="http://news.test/1",
    published_at=dt.datetime(2026, 3, 4, 8, tzinfo=dt.UTC),
)

Assess = Callable[..., Assessment]


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def net(model: ModelServer) -> Net:
    network = Net(model)
    network.names["model.test"] = [[PRIVATE_IP]]
    return network


@pytest.fixture
def make(net: Net) -> Callable[..., LlmAssessor]:
    def run(**changes: Any) -> LlmAssessor:
        given: dict[str, Any] = {
            "url": f"http://model.test:{net.port}/v1",
            "model": "wordy",
            "allowed": frozenset({("model.test", net.port)}),
            "key": KEY,
            "seconds": 2,
        }
        return LlmAssessor(LlmOptions(**{**given, **changes}), resolve=net.resolve, dial=net.dial)

    return run


@pytest.fixture
def assess(make: Callable[..., LlmAssessor]) -> Assess:
    """Assess a report; keyword arguments change the options."""

    def run(report: Report = REPORT, question: Question = QUESTION, **options: Any) -> Assessment:
        return make(**options).assess(question, report)

    return run


@pytest.fixture
def reply(model: ModelServer, assess: Assess) -> Assess:
    """Assess REPORT with a model that answers with the given content."""

    def run(content: object, *, report: Report = REPORT, question: Question = QUESTION, **changes: Any) -> Assessment:
        model.routes[PATH] = response(completion(content, **changes))
        return assess(report, question)

    return run
