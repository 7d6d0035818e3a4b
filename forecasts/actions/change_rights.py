"""Groups stay Django's; that somebody's rights changed stands in the ledger."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User

from forecasts.ledger.append import By, actor_key, append
from forecasts.models import EntryKind

from .base import action


@action
def record_rights(*, user: User, groups: Sequence[str], at: dt.datetime, by: By) -> None:
    """Append the groups that `user` now has, under the opaque name of the user."""
    content = {"groups": sorted(groups), "superuser": user.is_superuser, "active": user.is_active}
    append(EntryKind.RIGHTS_CHANGED, subject=actor_key(user), content=content, at=at, by=by)
