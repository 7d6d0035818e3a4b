"""How many requests a key, or an address without one, may send."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from forecasts.http.throttling import ANYBODY, KEYS, address_of


class Limit(BaseThrottle):
    seconds = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        key = request.auth
        self.seconds = KEYS.spend(str(key.pk)) if key else ANYBODY.spend(address_of(request))
        return not self.seconds

    def wait(self) -> float:
        return self.seconds
