"""The track records of rules and assessors: the same query as the pages."""

import datetime as dt

from django.http import Http404

from forecasts.api.v1.base import Answer, Asked, Read
from forecasts.api.v1.documents.assessors import AssessorDocument, AssessorListDocument
from forecasts.queries.assessors import assessor, assessors
from forecasts.queries.claims import assessments_stand


class AssessorList(Read):
    summary = "Rules and assessors, and what editors made of what they proposed."
    document = AssessorListDocument

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        return Answer(lambda: self.given({"results": assessors()}), assessments_stand())


class AssessorDetail(Read):
    summary = "The track record of one of them, with the reliability of its confidence."
    document = AssessorDocument

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        found = assessor(path["slug"])
        if found is None:
            raise Http404
        return Answer(lambda: self.given(found), assessments_stand())
