"""Which method of which route writes what."""

from forecasts.api.v1.views.predictions import ForecastList, PredictionDetail, PredictionList
from forecasts.api.v1.views.records import FindingList, ProposalList

from .base import Writing
from .evidence import ACCEPT, DISPUTE, FIND, PROPOSE, REJECT, REVIEW
from .forecasts import ISSUE, RECORD, WITHDRAW
from .predictions import AMEND, LOG, OPEN


class Predictions(Writing, PredictionList):
    writes = {"post": LOG}  # noqa: RUF012 -- a ClassVar in its base


class OnePrediction(Writing, PredictionDetail):
    writes = {"patch": AMEND}  # noqa: RUF012 -- a ClassVar in its base


class Opening(Writing):
    writes = {"post": OPEN}  # noqa: RUF012 -- a ClassVar in its base


class Disputes(Writing):
    writes = {"post": DISPUTE}  # noqa: RUF012 -- a ClassVar in its base


class Forecasts(Writing, ForecastList):
    writes = {"post": ISSUE}  # noqa: RUF012 -- a ClassVar in its base


class Bulk(Writing):
    writes = {"post": RECORD}  # noqa: RUF012 -- a ClassVar in its base


class Withdrawal(Writing):
    writes = {"post": WITHDRAW}  # noqa: RUF012 -- a ClassVar in its base


class Findings(Writing, FindingList):
    writes = {"post": FIND}  # noqa: RUF012 -- a ClassVar in its base


class Reviewing(Writing):
    writes = {"post": REVIEW}  # noqa: RUF012 -- a ClassVar in its base


class Proposals(Writing, ProposalList):
    writes = {"post": PROPOSE}  # noqa: RUF012 -- a ClassVar in its base


class Acceptance(Writing):
    writes = {"post": ACCEPT}  # noqa: RUF012 -- a ClassVar in its base


class Rejection(Writing):
    writes = {"post": REJECT}  # noqa: RUF012 -- a ClassVar in its base
