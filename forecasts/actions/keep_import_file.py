"""Keep a file between its dry run and its import, so that what is applied is what was shown."""

import datetime as dt
import hashlib
import zlib

from django.contrib.auth.models import User

from forecasts.errors import Refused
from forecasts.models import ImportFile

from .base import action, require

KEPT_FOR = dt.timedelta(days=7)
MOST_BYTES = 20 * 2**20


@action
def keep_import_file(*, name: str, data: bytes, at: dt.datetime, by: User) -> ImportFile:
    """One row for the same bytes, under the name that they came with last. Files of a week ago are let go.

    Raises Refused for nothing at all and for more than MOST_BYTES.
    """
    require(by, "keep_predictions", "import predictions")
    if not data:
        raise Refused("file", name, "it is empty; choose another")
    if len(data) > MOST_BYTES:
        accepted = f"a file has at most {MOST_BYTES // 2**20} MiB here; a larger one goes in by manage.py import"
        raise Refused("file", name, accepted)
    ImportFile.objects.filter(at__lt=at - KEPT_FOR).delete()
    given = {"name": name[:200], "size": len(data), "packed": zlib.compress(data), "at": at, "by": by}
    row, _ = ImportFile.objects.update_or_create(sha256=hashlib.sha256(data).hexdigest(), defaults=given)
    return row
