"""The demo: an AI-policy watch of our own writing, a local news wire, and a real track record."""

import datetime as dt
import secrets
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.db import transaction

from forecasts.actions import (
    amend_prediction,
    apply_import,
    issue_forecast,
    open_prediction,
    record_rights,
    save_reference,
    save_source,
    save_watch,
)
from forecasts.errors import Conflict
from forecasts.imports import governors
from forecasts.imports.article import import_article
from forecasts.models import (
    EvidenceSource,
    Forecaster,
    ForecasterKind,
    ImportRun,
    Prediction,
    Topic,
    Watch,
)

ARTICLE = Path(__file__).parent / "data" / "demo-article.txt"
PUBLISHED_BEFORE = dt.timedelta(days=2)
WIRE_INTERVAL = 10
PEOPLE = {"demo-editor": ("Editors", "Operators"), "demo-approver": ("Editors", "Approvers")}
WATCHED = "publish at least one further guideline"
# What an editor adds to a claim before it can be opened: criteria, who settles it, and what the desk itself says.
ADDED = {
    WATCHED: (
        """Yes if the European Commission publishes a guideline on Regulation (EU) 2024/1689 on its own site between \
the opening and the deadline. Drafts and consultations do not count.""",
        "The AI Act pages of the European Commission",
        0.85,
    ),
    "publish a harmonised standard": (
        "Yes if CEN and CENELEC list a published harmonised standard on AI quality management by the deadline.",
        "The catalogue of published standards of CEN and CENELEC",
        0.4,
    ),
    "announce a fine for a prohibited AI practice": (
        """Yes if a national market surveillance authority announces a fine under Article 5 of Regulation (EU) \
2024/1689 by the deadline.""",
        "The announcing authority's press releases",
        0.4,
    ),
}
GROUPS = [["European Commission", "Commission"], ["guideline", "guidance"], ["Artificial Intelligence Act", "AI Act"]]
CONFIRMS = [["published", "publishes", "has adopted", "adopts"]]
EXCLUSIONS = ["draft", "consultation"]


def is_empty() -> bool:
    return not (Prediction.objects.exists() or User.objects.exists())


def load(at: dt.datetime, wire_url: str) -> dict[str, str]:
    """Load the whole demo or nothing; returns the generated passwords by user name."""
    with transaction.atomic():
        passwords = {name: secrets.token_urlsafe(12) for name in PEOPLE}
        for name, groups in PEOPLE.items():
            _person(name, passwords[name], groups, at)
        editor = User.objects.get(username="demo-editor")
        load_track_record(at, User.objects.get(username="demo-approver"))
        _load_story(at, editor, wire_url)
    return passwords


def _person(name: str, password: str, groups: tuple[str, ...], at: dt.datetime) -> None:
    user = User.objects.create_user(name, password=password, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    record_rights(user=user, groups=groups, at=at, by="setup:demo")


def load_track_record(at: dt.datetime, by: User) -> ImportRun:
    """The governors' forecasts of three models, as the imported track that they are. Needs an approver."""
    topic = Topic(slug="us-governors", name=governors.TOPIC, description=governors.CREDIT)
    save_reference(row=topic, at=at, by=by)
    run = apply_import(bulk=governors.parse(), at=at, by=by).run
    if run is None:
        raise Conflict("file", governors.SOURCE, "it was imported already")
    return run


def _load_story(at: dt.datetime, editor: User, wire_url: str) -> None:
    topic = save_reference(row=Topic(slug="ai-policy", name="AI policy"), at=at, by=editor)
    desk = save_reference(
        row=Forecaster(slug="policy-desk", name="Policy desk", kind=ForecasterKind.DESK), at=at, by=editor
    )
    source = save_source(
        source=EvidenceSource(
            title="Demo news wire", url=wire_url, interval=WIRE_INTERVAL, shortest_interval=WIRE_INTERVAL
        ),
        at=at,
        by=editor,
    )
    imported = import_article(ARTICLE.read_bytes(), published_at=at - PUBLISHED_BEFORE, at=at, by=editor)
    for words, (criteria, resolution_source, probability) in ADDED.items():
        draft = next(each.prediction for each in imported.drafts if words in each.prediction.statement)
        changes = {"criteria": criteria, "resolution_source": resolution_source}
        row = amend_prediction(prediction=draft, changes=changes, topics=[topic], at=at, by=editor)
        row = open_prediction(prediction=row, at=at, by=editor)
        issue_forecast(prediction=row, forecaster=desk, value=probability, at=at, by=editor)
        if words == WATCHED:
            watch = Watch(prediction=row, source=source, groups=GROUPS, confirms=CONFIRMS, exclusions=EXCLUSIONS)
            save_watch(watch=watch, at=at, by=editor)
