"""For machines that watch over this one."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from forecasts.queries.readiness import problems


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the process can serve, 503 with one reason a line when not."""
    found = problems(timezone.now())
    return HttpResponse("\n".join(found or ("ready",)) + "\n", content_type="text/plain", status=503 if found else 200)
