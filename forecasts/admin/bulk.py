"""What can be done to many predictions at once, from their list. Each row goes through its own action, in its own
transaction: what one is refused stops none of the others, and is named.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import Truncator

from forecasts.actions import amend_prediction, check_now, close_prediction
from forecasts.errors import NotReady, Refused
from forecasts.jobs.reminder import remind, sends_mail
from forecasts.models import EvidenceSource, Prediction, PredictionStatus, Topic

from .base import Acting, acting
from .rows import RowField

Row = TypeVar("Row", bound=Model)
MOST = 200  # rows in one go: somebody waits for it
NAMED = 20  # refusals
COLUMNS = ("id", "slug", "status", "resolves_by")


class TopicForm(forms.Form):
    topic = RowField(Topic.objects.all(), ("name", "slug"), help_text="Added to those that each one has.")


class CloseForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="No forecast counts from now on. Each gets a version that readers see, with this reason.",
    )


@admin.action(description="Assign a topic", permissions=["change"])
def assign_topic(page: Any, request: HttpRequest, rows: QuerySet[Prediction]) -> HttpResponse | None:
    return _once_asked(page, request, rows, TopicForm, _assign_topic)


def _assign_topic(request: HttpRequest, rows: QuerySet[Prediction], given: Mapping[str, Any]) -> None:
    who, topic = acting(request), given["topic"]
    done = _each(
        request,
        rows.prefetch_related("topics"),
        lambda row: amend_prediction(
            prediction=row, changes={}, topics={*row.topics.all(), topic}, at=who.at, by=who.by
        ),
    )
    messages.success(request, f"{topic} is now a topic of {_predictions(done)}.")


@admin.action(description="Close early", permissions=["change"])
def close_early(page: Any, request: HttpRequest, rows: QuerySet[Prediction]) -> HttpResponse | None:
    return _once_asked(page, request, rows, CloseForm, _close_early)


def _close_early(request: HttpRequest, rows: QuerySet[Prediction], given: Mapping[str, Any]) -> None:
    who = acting(request)
    done = _each(request, rows, lambda row: _close(row, given["reason"], who))
    messages.success(request, f"{_predictions(done)} closed.")


def _close(row: Prediction, reason: str, who: Acting) -> None:
    """If only the first half is done, the clock does the second. A close that has come already is not put off."""
    if row.status != PredictionStatus.OPEN:
        raise NotReady("status", row.status, "only an open prediction can be closed")
    if row.closes_at and row.closes_at <= who.at:
        raise NotReady("closes_at", row.closes_at, "its close has come; the clock closes it")
    amended = amend_prediction(prediction=row, changes={"closes_at": who.at}, reason=reason, at=who.at, by=who.by)
    close_prediction(prediction=amended, at=who.at, by=who.by)


@admin.action(description="Remind the editors by e-mail", permissions=["change"])
def remind_editors(page: Any, request: HttpRequest, rows: QuerySet[Prediction]) -> None:
    if too_many(request, rows):
        return
    if not sends_mail():
        messages.error(request, "No mail was sent: this site has no mail server (EMAIL_URL).")
        return
    chosen = list(rows)
    sent, missed = remind(chosen)
    _name(request, (f"{name}: the mail was not taken; the log says why" for name in missed))
    messages.success(
        request, f"{sent} editor{' was' if sent == 1 else 's were'} reminded of {_predictions(len(chosen))}."
    )


@admin.action(description="Check its sources now", permissions=["operate"])
def check_sources(page: Any, request: HttpRequest, rows: QuerySet[Prediction]) -> None:
    """Each source once, however many of the predictions are watched over it."""
    if too_many(request, rows):
        return
    who = acting(request)
    sources = EvidenceSource.objects.filter(watches__prediction__in=rows.values("pk")).distinct()
    done = _each(request, sources.order_by("title", "pk"), lambda row: _check(row, who))
    _name(request, (f"{_short(row)}: no source is watched for it" for row in rows.filter(watches=None)))
    messages.success(request, f"{done} source{' is' if done == 1 else 's are'} due now.")


def _check(row: EvidenceSource, who: Acting) -> None:
    if row.paused:
        raise Refused("paused", row.paused, f"it is paused: {row.paused_reason}")
    if not check_now(source=row, at=who.at, by=who.by):
        raise Refused("source", row.title, "it is being checked at this moment")


@admin.action(description="Export numbers as CSV", permissions=["view"])
def export_ids(page: Any, request: HttpRequest, rows: QuerySet[Prediction]) -> StreamingHttpResponse:
    """Nothing in it was written by others, so that a spreadsheet has nothing to run."""
    lines = rows.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=1000)
    writer = csv.writer(_Echo())
    told = ([*rest, at and at.isoformat()] for *rest, at in lines)
    written = (writer.writerow(line) for line in chain([COLUMNS], told))
    answer = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="predictions.csv"'
    return answer


class _Echo:
    """A file that gives back what is written, for the response to send on."""

    def write(self, line: str) -> str:
        return line


def _once_asked(
    page: Any,
    request: HttpRequest,
    rows: QuerySet[Prediction],
    form_class: type[forms.Form],
    do: Callable[[HttpRequest, QuerySet[Prediction], Mapping[str, Any]], None],
) -> HttpResponse | None:
    """Do it with what the form says; first, and as long as something is wrong with it, show the form."""
    if too_many(request, rows):
        return None
    form = form_class(request.POST if "asked" in request.POST else None)
    if form.is_valid():
        do(request, rows, form.cleaned_data)
        return None
    name = request.POST["action"]
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": page.get_actions(request)[name][2],
        "action": name,
        "form": form,
        "rows": rows,
        "chosen": ACTION_CHECKBOX_NAME,
    }
    return render(request, "desk/bulk.html", context)


def too_many(request: HttpRequest, rows: QuerySet[Prediction]) -> bool:
    if is_over := rows.count() > MOST:
        messages.error(request, f"Nothing was done: choose at most {MOST} predictions at a time.")
    return is_over


def _each(request: HttpRequest, rows: Iterable[Row], do: Callable[[Row], object]) -> int:
    """How many went through; the others are named with the reason."""
    done, refusals = 0, []
    for row in rows:
        try:
            do(row)
            done += 1
        except Refused as refused:
            refusals.append(f"{_short(row)}: {refused}")
    _name(request, refusals)
    return done


def _name(request: HttpRequest, refusals: Iterable[str]) -> None:
    named = list(refusals)
    for said in named[:NAMED]:
        messages.error(request, said)
    if len(named) > NAMED:
        messages.error(request, f"and {len(named) - NAMED} more")


def _predictions(count: int) -> str:
    return f"{count} prediction{'' if count == 1 else 's'}"


def _short(row: Model) -> str:
    return Truncator(str(row)).chars(80)
