"""Instants as scoring counts them."""

import datetime as dt

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def microseconds(at: dt.datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - EPOCH) // dt.timedelta(microseconds=1)
