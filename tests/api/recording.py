"""A small world in which every operation of the API is asked once, as its example shows, and every mistake is made."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from forecasts.actions import begin_answer, make_api_key, save_reference
from forecasts.models import ApiKey, Topic
from tests.api.world import article_of, checked, watched
from tests.records import claims, proposes, rejects
from tests.story import START, Story, make_user

JSON = "application/json"
API = "/api/v1/"
DAY = dt.timedelta(days=1)
LOGGED = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)
DECIDED = dt.datetime(2027, 3, 5, 9, tzinfo=dt.UTC)
ASKED = dt.datetime(2027, 3, 8, 9, tzinfo=dt.UTC)
RATE = "the-central-bank-of-ruritania-will-cut-its-policy-rate-by-30-june-2027"
GROUPS = ("Editors", "Approvers", "Operators")
SETTLED = 30  # from which on a curve is shown

STORY = (
    (LOGGED, "logPrediction", "predictions"),
    (LOGGED, "draftList", "drafts"),
    (LOGGED, "draftDetail", f"drafts/{RATE}"),
    (LOGGED, "amendPrediction", f"predictions/{RATE}"),
    (LOGGED, "openPrediction", f"predictions/{RATE}/open"),
    (LOGGED + 4 * DAY, "issueForecast", "forecasts"),
    (LOGGED + 11 * DAY, "recordForecasts", "forecasts/bulk"),
    (LOGGED + 12 * DAY, "onePrediction", f"predictions/{RATE}"),
    (LOGGED + 18 * DAY, "withdrawForecast", "forecasts/withdraw"),
    (DECIDED, "addFinding", "findings"),
    (DECIDED, "reviewFinding", "findings/{finding}/review"),
    (DECIDED, "proposeResolution", "proposals"),
    (DECIDED, "rejectProposal", "proposals/{proposal}/reject"),
    (DECIDED, "proposeResolution", "proposals"),
    (DECIDED, "acceptProposal", "proposals/{proposal}/accept"),
    (ASKED, "openDispute", f"predictions/{RATE}/disputes"),
    (ASKED, "index", ""),
    (ASKED, "predictions", "predictions?topic=economy"),
    (ASKED, "forecasts", f"forecasts?prediction={RATE}&limit=1"),
    (ASKED, "findings", f"findings?prediction={RATE}"),
    (ASKED, "proposals", f"proposals?prediction={RATE}&status=accepted"),
    (ASKED, "resolutionList", f"resolutions?prediction={RATE}"),
    (ASKED, "scoreList", f"scores?prediction={RATE}&track=live&counting=first"),
    (ASKED, "forecasterList", "forecasters"),
    (ASKED, "forecasterDetail", "forecasters/policy-desk"),
    (ASKED, "topicList", "topics"),
    (ASKED, "articleDetail", "articles/rules-ahead"),
    (ASKED, "scorecard", "scorecards/forecaster/wire-model"),
    (ASKED, "topicScorecard", "scorecards/topic/economy"),
    (ASKED, "articleScorecard", "scorecards/article/rules-ahead"),
    (ASKED, "calibration", "calibration?forecaster=policy-desk"),
    (ASKED, "calibrationHistory", "calibration/history?forecaster=policy-desk"),
    (ASKED, "recap", "recap?week=2027-W09"),
    (ASKED, "compare", "compare?a=policy-desk&b=wire-model"),
    (ASKED, "leaderboard", "leaderboard"),
    (ASKED, "assessorList", "assessors"),
    (ASKED, "assessorDetail", "assessors/assessor-llm"),
    (ASKED, "entryList", "ledger/entries?limit=1"),
    (ASKED, "head", "ledger/head"),
    (ASKED, "sourceHealth", "sources/health"),
    (ASKED, "errors", "errors"),
)


@dataclass
class Clock:
    """What `timezone.now` says."""

    at: dt.datetime = LOGGED

    def __call__(self) -> dt.datetime:
        return self.at


@dataclass
class Site:
    """The world, whose keys, and how to ask."""

    clock: Clock
    story: Story = field(default_factory=Story.begin)
    keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Whoever decides a proposal made her own key, and is not who proposed it."""
        self.keys = {"editor": self.key(self.story.editor), "both": self.key(make_user("both", *GROUPS))}

    def key(self, user: User, *scopes: str) -> str:
        given = scopes or ("read", "forecast", "edit")
        by = user if user.has_perm("forecasts.operate_keys") else self.story.editor
        made = make_api_key(
            user=user, name="example", scopes=given, expires_at=LOGGED + 300 * DAY, at=self.clock.at, by=by
        )
        return made.secret

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "", **given: Any) -> HttpResponse:
        headers = {**({"Authorization": f"Bearer {key}"} if key else {}), **given.pop("headers", {})}
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body)
        about = {"content_type": JSON, **given}
        return Client().generic(  # type: ignore[return-value]  # a response with what the test client adds
            method.upper(), API + path, data, headers=headers, **about
        )

    def past(self) -> None:
        """Two forecasters on settled predictions, an article, a source, and what a rule and an assessor proposed."""
        story = self.story
        topic = Topic(slug="economy", name="Economy", description="Rates, prices and trade.")
        save_reference(row=topic, at=START, by=story.editor)
        rival = story.forecaster("wire-model")
        article = article_of(story, "Rules ahead", "The rule is likely to come.")
        for number in range(SETTLED):
            likely, surprising = bool(number % 2), number % 10 in (0, 1)
            prediction = story.opened(
                **({} if number else {"article": article, "quote": "The rule is likely to come."})
            )
            story.says(prediction, 0.9 if likely else 0.1)
            story.says(prediction, 0.7 if likely else 0.2, forecaster=rival)
            story.passes(prediction)
            story.resolves(prediction, "yes" if likely != surprising else "no", known_at=START + 190 * DAY)
        rejects(story, proposes(story.opened(), "yes"), "weak_evidence")
        for _ in range(3):
            claims(story, "confirms", 0.8, "yes")
        watched_one = story.opened()
        checked(watched(story, watched_one), START + DAY, watched_one)
        story.scores()


@dataclass(frozen=True)
class Mistake:
    """A request that is answered with a problem of that code."""

    code: str
    method: str
    path: str
    body: Any = None
    key: str = "editor"
    given: Mapping[str, Any] = field(default_factory=dict)


MISTAKES = (
    Mistake("refused", "get", "calibration?track=lives"),
    Mistake("counting_not_valid", "get", "calibration?counting=last"),
    Mistake("not_authenticated", "get", "drafts", key="guessed"),
    Mistake("not_allowed", "post", "proposals/1/accept", {}),
    Mistake("not_found", "get", "predictions/no-such-prediction"),
    Mistake("not_acceptable", "get", "calibration", given={"headers": {"Accept": "text/csv"}}),
    Mistake("conflict", "post", "forecasts", {"prediction": RATE, "forecaster": "policy-desk", "value": 0.8,
                                             "external_id": "run-2027-01-15-rate"}),
    Mistake("not_ready", "post", "forecasts/withdraw", {"prediction": RATE, "forecaster": "wire-model"}),
    Mistake("too_large", "post", "forecasts/bulk", [None] * 10_001),
    Mistake("unsupported_media_type", "post", "forecasts", {}, given={"content_type": "text/plain"}),
    Mistake("other_request", "post", "forecasts", {}, given={"headers": {"Idempotency-Key": "run-2027-01-15"}}),
)  # fmt: skip


def told(
    site: Site, operations: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> Iterator[tuple[str, str, HttpResponse]]:
    """Each operation of the story, its address, and what was answered."""
    finding = proposal = 0
    for at, name, path in STORY:
        site.clock.at = at
        method, about = operations[name]
        address = path.replace("{proposal}", str(proposal)).replace("{finding}", str(finding))
        body = example_of(about)
        if name == "proposeResolution":
            body = {**body, "findings": [{**body["findings"][0], "finding": finding}]}
        key = "both" if path.endswith(("accept", "reject")) else "editor"
        answer = site.ask(method, address, body, key=site.keys[key] if about.get("security") else "")
        given = answer.json()
        finding = given["id"] if name == "addFinding" else finding
        proposal = given["id"] if name == "proposeResolution" else proposal
        if name == "acceptProposal":
            site.story.scores()
        yield name, f"{method.upper()} {API}{address}", answer


def refusals(site: Site) -> Iterator[tuple[str, HttpResponse]]:
    """Each mistake, made after the story, and what was answered."""
    begin_answer(key=ApiKey.objects.get(user=site.story.editor), name="run-2027-01-15", request_sha256="", at=ASKED)
    for mistake in MISTAKES:
        key = site.keys.get(mistake.key, mistake.key)
        yield mistake.code, site.ask(mistake.method, mistake.path, mistake.body, key=key, **mistake.given)


def example_of(about: Mapping[str, Any]) -> Any:
    """What the document shows as sent."""
    content = about.get("requestBody", {}).get("content", {}).get(JSON, {})
    return content["examples"]["example"]["value"] if content else None
