"""Rare filters whose intervals somebody has asked for: a short list in the cache, from which the worker computes them.

It may be lost with the cache, or an entry when the list is changed twice at once: whoever wants it asks again.
"""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

from .calibration import Calibration

log = logging.getLogger(__name__)
LIST = "wanted-filters"
MOST = 100
SECONDS = 3600

Wanted = dict[str, dict[str, str]]


def noted(found: Calibration) -> Calibration:
    """`found`; where it lacks intervals that can be computed, its filter is put on the list, unless that is full.

    No request waits for a cache that is gone.
    """
    if not found.is_wanted:
        return found
    try:
        there = _listed()
        if found.query.key not in there and len(there) < MOST:
            cache.set(LIST, {**there, found.query.key: found.query.parameters}, SECONDS)
    except RedisError as error:
        log.warning("the cache did not take a filter that somebody asked for: %s", error)
    return found


def wanted() -> Wanted:
    """What is on the list, parameters by key."""
    try:
        return _listed()
    except RedisError as error:
        log.warning("the cache does not say which filters were asked for: %s", error)
        return {}


def drop(key: str) -> None:
    """Take one off the list: it is computed, or cannot be."""
    try:
        cache.set(LIST, {other: given for other, given in _listed().items() if other != key}, SECONDS)
    except RedisError as error:
        log.warning("the cache keeps a filter that nobody waits for: %s", error)


def _listed() -> Wanted:
    found: Wanted = cache.get(LIST, {})
    return found
