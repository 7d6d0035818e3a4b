"""What a page says of itself, as far as it can be believed."""

import datetime as dt

import pytest

from forecasts.imports.page import read_page


def told(published: str) -> dt.datetime | None:
    page = f'<html><meta property="article:published_time" content="{published}"><p>The bridge will open.</p></html>'
    return read_page(page).published_at


def test_it_works() -> None:
    assert told("2026-11-20T08:00:00+02:00") == dt.datetime(2026, 11, 20, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize("published", ["soon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_date_that_is_none_is_left_out(published: str) -> None:
    assert told(published) is None
