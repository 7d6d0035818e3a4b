"""Add or change a webhook, and give it another secret."""

import datetime as dt

from django.conf import settings

from forecasts.errors import FetchRefused, Refused
from forecasts.evidence.addresses import check_address
from forecasts.evidence.signing import new_secret
from forecasts.evidence.urls import Target, parse_url
from forecasts.ledger.append import By, append
from forecasts.models import ANNOUNCED, DeliveryStatus, EntryKind, Webhook

from .base import action, require
from .values import require_text

BOTH_SIGN = dt.timedelta(hours=24)
SET_BY_OPERATORS = ("title", "url", "kinds", "paused", "paused_reason")
NEWLY_FREE = ("failure_count", "free_at")


@action
def save_webhook(*, webhook: Webhook, at: dt.datetime, by: By) -> Webhook:
    """Insert or change `webhook`; a new one gets its secret. Pausing needs a reason.

    One that is not paused is called at once with all that waits.
    """
    require(by, "operate_webhooks", "change a webhook")
    require_text("title", webhook.title, "say whose webhook it is")
    target = _checked_address(require_text("url", webhook.url, "give an https address"))
    webhook.kinds = _checked_kinds(webhook.kinds)
    if webhook.paused:
        require_text("paused_reason", webhook.paused_reason, "say why it is paused")
    else:
        webhook.paused_reason, webhook.failure_count, webhook.free_at = "", 0, at
    if webhook.pk is None:
        webhook.secret, webhook.free_at = new_secret(), at
        webhook.save()
    else:
        webhook.save(update_fields=[*SET_BY_OPERATORS, *(() if webhook.paused else NEWLY_FREE)])
        if not webhook.paused:
            webhook.deliveries.filter(status=DeliveryStatus.WAITING).update(attempts=0, next_try_at=at)
    # Without the path and the query of the address, which often hold a key.
    content = {"title": webhook.title, "host": target.authority, "kinds": webhook.kinds, "paused": webhook.paused}
    append(EntryKind.WEBHOOK_SAVED, subject=f"webhook:{webhook.pk}", content=content, at=at, by=by)
    return webhook


@action
def rotate_secret(*, webhook: Webhook, at: dt.datetime, by: By) -> Webhook:
    """Give `webhook` a new secret; the one before signs too for 24 hours. Twice in a row ends the first at once."""
    require(by, "operate_webhooks", "change the secret of a webhook")
    row = Webhook.objects.select_for_update().get(pk=webhook.pk)
    row.previous_secret, row.previous_until, row.secret = row.secret, at + BOTH_SIGN, new_secret()
    row.save(update_fields=["secret", "previous_secret", "previous_until"])
    content = {"previous_until": row.previous_until}
    append(EntryKind.WEBHOOK_ROTATED, subject=f"webhook:{row.pk}", content=content, at=at, by=by)
    return row


def _checked_address(url: str) -> Target:
    try:
        target = parse_url(url)
        is_listed = f"{target.host}:{target.port}" in settings.WEBHOOK_ALLOW_PRIVATE_HOSTS
        if target.is_literal:
            check_address(target.host, private=is_listed)
    except FetchRefused as error:
        raise Refused("url", url, f"give an https address on the public internet: {error.detail}") from error
    if target.scheme != "https" and not is_listed:
        raise Refused("url", url, "give an https address; http is for hosts in WEBHOOK_ALLOW_PRIVATE_HOSTS")
    return target


def _checked_kinds(kinds: object) -> list[str]:
    """In the order of the list, each once."""
    known = [kind.value for kind in ANNOUNCED]
    if not isinstance(kinds, list) or not kinds or not set(kinds) <= set(known):
        raise Refused("kinds", kinds, f"choose one or more of {', '.join(known)}")
    return [kind for kind in known if kind in kinds]
