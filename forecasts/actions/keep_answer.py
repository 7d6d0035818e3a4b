"""A request with an `Idempotency-Key` is done once: bookkeeping around the action that it asks for."""

import datetime as dt

from django.db.models import Q

from forecasts.errors import Conflict, OtherRequest
from forecasts.models import ApiKey, KeptAnswer

from .base import action, claimed

KEPT_FOR = dt.timedelta(hours=24)
GIVEN_UP_AFTER = dt.timedelta(minutes=5)  # a process that died did nothing, or it had left an answer


@action
def begin_answer(*, key: ApiKey, name: str, request_sha256: str, at: dt.datetime) -> KeptAnswer:
    """The answer kept under `name` if its `status` is set, else one that the caller has to give now.

    Raises OtherRequest when `name` was used for another request, Conflict while the same one is being answered.
    """
    stale = Q(expires_at__lte=at) | Q(status__isnull=True, begun_at__lte=at - GIVEN_UP_AFTER)
    KeptAnswer.objects.filter(stale).delete()
    given = {"request_sha256": request_sha256, "begun_at": at, "expires_at": at + KEPT_FOR}
    kept, is_new = KeptAnswer.objects.get_or_create(key=key, name=name, defaults=given)
    if kept.request_sha256 != request_sha256:
        raise OtherRequest("Idempotency-Key", name, "it was used for another request; give another one")
    if not is_new and kept.status is None:
        raise Conflict("Idempotency-Key", name, "the same request is being answered at this moment; ask again soon")
    return kept


@action
def end_answer(*, kept: KeptAnswer, status: int, headers: dict[str, str], body: str) -> None:
    """Keep what was answered, in the transaction of what was done. Raises Conflict when another took it over."""
    running = KeptAnswer.objects.filter(pk=kept.pk, begun_at=kept.begun_at, status__isnull=True)
    ended = running.update(status=status, headers=headers, body=body)
    claimed(ended, "Idempotency-Key", kept.name, "it took too long, and the same request is answered elsewhere")


@action
def drop_answer(*, kept: KeptAnswer) -> None:
    """Nothing was done, so the same name may be given again, with what was corrected."""
    KeptAnswer.objects.filter(pk=kept.pk, begun_at=kept.begun_at, status__isnull=True).delete()
