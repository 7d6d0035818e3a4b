"""`Authorization: Bearer rk_…`: whom a program acts as."""

from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from forecasts.actions import note_key_use
from forecasts.actions.api_keys import NOTED_EVERY, digest_of
from forecasts.http.throttling import ANYBODY, address_of
from forecasts.models import ApiKey

SCHEME = "bearer"
LONGEST = 200


class KeyAuthentication(BaseAuthentication):
    """The user and the key. An address that sends keys which open nothing is counted as one without a key."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        given = get_authorization_header(request)
        if not given:
            return None
        key = self._found(given)
        if key is None:
            if seconds := ANYBODY.spend(address_of(request)):
                raise Throttled(seconds)
            raise AuthenticationFailed
        if key.last_used_at is None or key.last_used_at <= timezone.now() - NOTED_EVERY:
            note_key_use(key=key, at=timezone.now())
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Reckoner API"'

    def _found(self, given: bytes) -> ApiKey | None:
        """By digest, so that how long it takes tells nothing of how much of a key was right."""
        scheme, _, secret = given.decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME or not secret.isascii() or len(secret) > LONGEST:
            return None
        valid = ApiKey.objects.valid(timezone.now()).select_related("user")
        return valid.filter(digest=digest_of(secret.strip())).first()
