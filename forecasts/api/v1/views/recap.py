"""The recap of a week or a year: the same query as the page, the feed and the digest."""

import datetime as dt

from forecasts.api.v1.base import Answer, Asked, Read
from forecasts.api.v1.documents.recap import RecapDocument
from forecasts.api.v1.parameters import WEEK, YEAR
from forecasts.errors import Refused
from forecasts.queries.recap_page import last_week, recap_page, week_named, year_named


class Recap(Read):
    summary = "What a week or a year brought: resolved, right, wrong, void, corrected, changed, new, and what is due."
    document = RecapDocument
    takes = (WEEK, YEAR)

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        week, year = asked.get(WEEK.name), asked.get(YEAR.name)
        if week is not None and year is not None:
            raise Refused(YEAR.name, year, "give a week or a year, not both")
        if year is not None:
            period = year_named(year, now)
        else:
            period = last_week(now) if week is None else week_named(week, now)
        return Answer(lambda: self.given(recap_page(period, now)), (period.name, period.until <= now))
