"""How often somebody may do something: counted in windows of fixed length, in the cache.

With Redis all processes count together. Without, each process counts for itself, so that several of them let through as
many times as much; the same holds while Redis cannot be reached, since no request waits for it.
"""

import ipaddress
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)
IPV6_HOME = 64  # bits that one household or office has for itself
MINUTE, HOUR = 60, 3600
WAITS = 0.5  # seconds
COUNT = """
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
if count == tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return count
"""


@dataclass(frozen=True)
class Budget:
    """So many times, read from the settings, in so many seconds."""

    name: str
    seconds: int
    times: Callable[[], int]

    def spend(self, who: str, cost: int = 1) -> int:
        """0 if `who` may, else the seconds until the next window."""
        now = int(time.time())
        count = _counted(self._key(who, now), cost, self.seconds)
        return 0 if count <= self.times() else self.seconds - now % self.seconds

    def give_back(self, who: str) -> None:
        """Take one back that should not have counted."""
        _counted(self._key(who, int(time.time())), -1, self.seconds)

    def _key(self, who: str, now: int) -> str:
        return f"{self.name}:{who}:{now // self.seconds}"


ANYBODY = Budget("anybody", MINUTE, lambda: settings.API_REQUESTS_PER_MINUTE)
KEYS = Budget("key", MINUTE, lambda: settings.API_KEY_REQUESTS_PER_MINUTE)
DISPUTES = Budget("dispute", HOUR, lambda: settings.DISPUTES_PER_HOUR)
LOGINS_FROM = Budget("login-from", HOUR // 4, lambda: settings.LOGIN_TRIES_PER_ADDRESS)
LOGINS_AS = Budget("login-as", HOUR // 4, lambda: settings.LOGIN_TRIES_PER_NAME)


def _counted(key: str, change: int, seconds: int) -> int:
    shared = settings.CACHES["default"]
    if "redis" in shared["BACKEND"]:
        try:
            return _add_in_redis(shared["LOCATION"], key, change, seconds)
        except RedisError as error:
            log.warning("the cache cannot be reached, so this process counts alone: %s", error)
    return _add(caches["local"], key, change, seconds)


def _add_in_redis(url: str, key: str, change: int, seconds: int) -> int:
    """In one question: through Django's cache it would be three, each by a client made for it."""
    counting = _redis(url).eval(COUNT, 1, f"reckoner:{key}", str(change), str(seconds))
    return int(counting)


@cache
def _redis(url: str) -> Redis:
    """Asked once, and then no more: whoever waits is a reader. What a restart cut off, the pool connects anew."""
    return Redis.from_url(url, socket_connect_timeout=WAITS, socket_timeout=WAITS, retry=Retry(NoBackoff(), 0))


def _add(cache: BaseCache, key: str, change: int, seconds: int) -> int:
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key, change)
    except ValueError:  # it ended between the two
        cache.set(key, change, timeout=seconds)
        return change


def address_of(request: HttpRequest) -> str:
    """Whom a request comes from: its address, or of IPv6 the network of its household.

    Behind proxies of ours it is what the outermost of them has seen; what stands before that anybody can write.
    """
    told = [text for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if (text := each.strip())]
    seen = [*told, request.META.get("REMOTE_ADDR", "")]
    try:
        address = ipaddress.ip_address(seen[-1 - min(settings.PROXIES_IN_FRONT, len(told))])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_HOME), strict=False))
    return str(address)
