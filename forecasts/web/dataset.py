"""The dataset of the night: the page that says what is in it, and its files."""

import datetime as dt

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecasts.http.conditional import conditional
from forecasts.queries.dataset import dataset, latest_dataset

from .page import reader_page

PACKED, DESCRIPTION = "application/gzip", "application/json"


@reader_page
def page(request: HttpRequest, now: dt.datetime) -> HttpResponseBase:
    found = latest_dataset(settings.DATASET_DIR)
    digest = found.digest if found else ""
    return conditional(request, (digest,), lambda: render(request, "forecasts/dataset.html", {"dataset": found}))


@require_safe
def file(request: HttpRequest, stamp: str, name: str) -> HttpResponseBase:
    """Only what the description of a dataset names; its digest is what the answer follows from."""
    try:
        return _file(request, stamp, name)
    except FileNotFoundError as error:  # an old dataset goes at any time
        raise Http404 from error


def _file(request: HttpRequest, stamp: str, name: str) -> HttpResponseBase:
    found = dataset(settings.DATASET_DIR, stamp)
    digest = found.digest_of(name) if found else None
    if found is None or digest is None:
        raise Http404
    path = found.folder / name
    media_type = PACKED if name.endswith(".gz") else DESCRIPTION
    return conditional(
        request,
        (digest,),
        lambda: FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=media_type),
        representation=media_type,
    )
