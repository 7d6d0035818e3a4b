"""The desk's lists with 100,000 predictions, against an empty page of the admin."""

import datetime as dt

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forecasts.actions import action
from forecasts.jobs.recompute import replace_made
from forecasts.ledger.append import append
from forecasts.models import (
    EntryKind,
    EvidenceSource,
    Finding,
    Forecast,
    Forecaster,
    Prediction,
    PredictionStatus,
    Proposal,
    Resolution,
    Snapshot,
    Topic,
    Watch,
)

from .measure import row

PREDICTIONS = 100_000
AT_ONCE = 5_000
WORKED_ON = 20_000  # predictions with a source, a finding, a proposal and a resolution each
ENTRIES = 200
DAY = dt.timedelta(days=1)
LISTS = ("prediction", "proposal", "finding", "forecast", "watch", "evidencesource", "resolution", "ledgerentry")


def run() -> None:
    call_command("migrate", verbosity=0)
    _fill()
    _work_on(at=timezone.now())
    replace_made()
    client = Client(headers={"host": "localhost"})
    client.force_login(_editor())
    empty = reverse("admin:password_change")
    pages = {"the desk": reverse("admin:index")} | {
        f"list of {name}": reverse(f"admin:forecasts_{name}_changelist") for name in LISTS
    }
    pages["predictions found by a word"] = f"{reverse('admin:forecasts_prediction_changelist')}?q=number+77"
    pages["page 1,000 of predictions"] = f"{reverse('admin:forecasts_prediction_changelist')}?p=1000"
    pages["a new prediction"] = reverse("admin:forecasts_prediction_add")
    pages["a prediction"] = reverse("admin:forecasts_prediction_change", args=[Prediction.objects.first().pk])
    pages["predictions, as readers see them"] = "/predictions/"
    for name, page in pages.items():
        assert client.get(page).status_code == 200, page
        row(
            f"{name}, {PREDICTIONS:,} predictions",
            lambda page=page: client.get(page),
            "an empty page of the admin",
            lambda: client.get(empty),
        )


def _editor() -> User:
    editor = User.objects.create_user("desk-bench", is_staff=True)
    editor.groups.set(Group.objects.all())
    return editor


@action
def _insert(*, rows: list[Prediction], forecaster: Forecaster, at: dt.datetime) -> None:
    made = Prediction.objects.bulk_create(rows)
    Forecast.objects.bulk_create(
        Forecast(
            prediction=each, forecaster=forecaster, issued_at=at, recorded_at=at, stands_from=at, tick=7000,
            basis="stated", provenance="live",
        )
        for each in made
    )  # fmt: skip


@action
def _reference(*, slug: str) -> Forecaster:
    Topic.objects.create(slug=slug, name=slug)
    return Forecaster.objects.create(slug=slug, name=slug, kind="desk")


def _fill() -> None:
    at = timezone.now() - 30 * DAY
    forecaster = _reference(slug="desk-bench")
    for start in range(0, PREDICTIONS, AT_ONCE):
        _insert(
            rows=[_prediction(number, at) for number in range(start, start + AT_ONCE)], forecaster=forecaster, at=at
        )


@action
def _work_on(*, at: dt.datetime) -> None:
    """Something to show in every list of the desk."""
    shown = Snapshot.objects.create(
        sha256="0" * 64, media_type="text/plain", size=8, fetched_at=at, text="It did.", text_sha256="0" * 64
    )
    rows = Prediction.objects.order_by("pk")[:WORKED_ON]
    sources = EvidenceSource.objects.bulk_create(
        EvidenceSource(title=f"Gazette {row.pk}", url=f"https://gazette.test/{row.pk}", next_check_at=at)
        for row in rows
    )
    Watch.objects.bulk_create(
        Watch(prediction=row, source=source, groups=[["watermark"]], since=at)
        for row, source in zip(rows, sources, strict=True)
    )
    Finding.objects.bulk_create(
        Finding(
            prediction=row, source=source, snapshot=shown, title=f"The ministry on number {row.pk}", found_at=at,
            quote="It did.", quote_start=0, quote_end=7, relevance=500, digest=f"{row.pk:064}",
        )
        for row, source in zip(rows, sources, strict=True)
    )  # fmt: skip
    said = {"outcome": "yes", "known_at": at}
    Proposal.objects.bulk_create(
        Proposal(prediction=row, rationale="The gazette has it.", proposed_at=at, by_rule="watch", **said)
        for row in rows
    )
    Resolution.objects.bulk_create(
        Resolution(prediction=row, resolved_at=at, proposed_by_rule="watch", **said) for row in rows
    )
    for each in rows[:ENTRIES]:
        append(EntryKind.PREDICTION_LOGGED, subject=f"prediction:{each.pk}", content={"id": each.pk}, at=at, by="bench")


def _prediction(number: int, at: dt.datetime) -> Prediction:
    deadline = at + (20 + number % 1_000) * DAY
    return Prediction(
        slug=f"desk-bench-{number}", statement=f"The ministry will publish number {number} by then.",
        criteria="Yes if it is published.", resolution_source="The gazette", status=PredictionStatus.OPEN,
        opens_at=at, closes_at=deadline, resolves_by=deadline, original_opens_at=at, original_closes_at=deadline,
        original_resolves_by=deadline, clock_opens_at=at, clock_closes_at=deadline, latest_deadline=deadline,
        logged_at=at, published_at=at,
    )  # fmt: skip
