"""How many requests a key, or an address without one, may send."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from forecasts.http.throttling import ANYBODY, KEYS, address_of


class Limit(BaseThrottle):
    seconds = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        self.seconds = counted(request._request, request.auth)
        return not self.seconds

    def wait(self) -> float:
        return self.seconds


def counted(request: HttpRequest, key: Model | None) -> int:
    """0 if whoever sent the request may ask it, else the seconds to wait."""
    return KEYS.spend(str(key.pk)) if key else ANYBODY.spend(address_of(request))
