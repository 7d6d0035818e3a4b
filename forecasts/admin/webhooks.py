"""Webhooks: made, changed, tried out and replayed by operators; and the log of what was delivered."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from forecasts.actions import queue_test, replay_delivery, replay_events, rotate_secret, save_webhook
from forecasts.models import ANNOUNCED, Delivery, Webhook

from .base import Acting, ActionAdmin, ActionForm, ReadOnlyAdmin, Verb
from .fields import RowForm
from .periods import by_period

RIGHT = "operate_webhooks"
ONCE = "Its secret is {}. Keep it now: it is not shown again."


def _unpause(acting: Acting, row: Webhook, given: Mapping[str, Any]) -> str:
    row.paused, row.paused_reason = False, ""
    save_webhook(webhook=row, at=acting.at, by=acting.by)
    return "It is called again, and what waits is sent now."


def _rotate(acting: Acting, row: Webhook, given: Mapping[str, Any]) -> str:
    saved = rotate_secret(webhook=row, at=acting.at, by=acting.by)
    return f"{ONCE.format(saved.secret)} The one before signs too until {saved.previous_until:%Y-%m-%d %H:%M} UTC."


def _test(acting: Acting, row: Webhook, given: Mapping[str, Any]) -> str:
    queue_test(webhook=row, at=acting.at, by=acting.by)
    return "A test event is on its way; the log of deliveries will say whether it arrived."


def _replay(acting: Acting, row: Webhook, given: Mapping[str, Any]) -> str:
    count = replay_events(webhook=row, since=given["since"], at=acting.at, by=acting.by)
    return f"{count} event{'' if count == 1 else 's'} will be sent again."


def _again(acting: Acting, row: Delivery, given: Mapping[str, Any]) -> str:
    replay_delivery(delivery=row, at=acting.at, by=acting.by)
    return "It will be sent again."


class ReplayForm(RowForm):
    since = forms.IntegerField(
        min_value=1, label="Since entry", help_text="Number of the first ledger entry to send again; 1 for everything."
    )


class WebhookForm(ActionForm):
    kinds = forms.MultipleChoiceField(
        label="Events",
        choices=[(kind.value, kind.value) for kind in ANNOUNCED],
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(Webhook)
class WebhookAdmin(ActionAdmin):
    right = RIGHT
    form = WebhookForm
    list_display = ("title", "last_good_at", "failure_count", "paused", "paused_reason")
    list_filter = ("paused",)
    search_fields = ("title", "url")
    status = ("last_good_at", "failure_count", "previous_until", "last_deliveries")
    verbs = (
        Verb("unpause", "Unpause", RIGHT, RowForm, _unpause, lambda row: row.paused, on_desk=True, at_once=True),
        Verb("rotate", "Rotate the secret", RIGHT, RowForm, _rotate),
        Verb("test", "Send a test event", RIGHT, RowForm, _test, lambda row: not row.paused),
        Verb("replay", "Replay events", RIGHT, ReplayForm, _replay),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = ("title", "url", "kinds", "paused", "paused_reason")
        return (*own, *self.status) if obj else own

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.status if obj else ()

    def perform(self, acting: Acting, row: Any, form: Any, change: bool) -> Model:
        return save_webhook(webhook=row, at=acting.at, by=acting.by)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        messages.warning(request, ONCE.format(obj.secret))
        return super().response_add(request, obj, post_url_continue)

    @admin.display(description="last deliveries")
    def last_deliveries(self, row: Webhook) -> SafeString:
        lines = [
            f"{each.tried_at or each.queued_at:%Y-%m-%d %H:%M:%S}  {each.event_id}  {each.status}  {each.error}"
            for each in row.deliveries.order_by("-pk")[:10]
        ]
        url = f"{reverse('admin:forecasts_delivery_changelist')}?webhook__id__exact={row.pk}"
        return format_html('<pre>{}</pre><a href="{}">All deliveries</a>', "\n".join(lines) or "none yet", url)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = (
        "event_id", "event", "webhook", "status", "attempts", "http_status", "milliseconds", "tried_at", "next_try_at",
    )  # fmt: skip
    list_filter = ("status", by_period("queued_at"), "webhook")
    list_select_related = ("webhook", "entry")
    verbs = (Verb("again", "Send again", RIGHT, RowForm, _again),)

    @admin.display(description="event")
    def event(self, row: Delivery) -> str:
        return row.entry.kind if row.entry else "test"
