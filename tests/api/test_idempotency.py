"""Idempotency-Key: a request that is sent again is done once"""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from forecasts.actions import begin_answer, end_answer
from forecasts.errors import Conflict
from forecasts.models import ApiKey, Forecast, KeptAnswer, Prediction
from tests.api.conftest import Send, key_of
from tests.story import DAY, START, Story, make_user

NAME = {"Idempotency-Key": "0b0c-run-17"}
DRAFT = {"statement": "The dam of Ruritania will be finished by 30 June 2027.", "resolves_by": "2027-06-30"}


def test_it_works(send: Send, editing: str) -> None:
    first = send("predictions", DRAFT, editing, headers=NAME.copy())
    again = send("predictions", DRAFT, editing, headers=NAME.copy())
    assert (again.content, again["Location"]) == (first.content, first["Location"])
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Prediction.objects.count() == 1


def test_without_it_a_request_is_done_again(send: Send, editing: str) -> None:
    send("predictions", DRAFT, editing)
    send("predictions", DRAFT, editing)
    assert Prediction.objects.count() == 2


@pytest.mark.parametrize("path", ["predictions", "forecasts"])
def test_another_request_under_the_same_name_is_refused(send: Send, editing: str, path: str) -> None:
    send("predictions", DRAFT, editing, headers=NAME.copy())
    body = send(path, {**DRAFT, "criteria": "Yes."}, editing, status=422, headers=NAME.copy()).json()
    assert (body["code"], body["problems"][0]["value"]) == ("other_request", "0b0c-run-17")
    assert Prediction.objects.count() == 1


def test_a_refusal_is_not_kept_so_that_it_can_be_corrected(send: Send, editing: str) -> None:
    send("predictions", {}, editing, status=400, headers=NAME.copy())
    assert not KeptAnswer.objects.exists()
    send("predictions", DRAFT, editing, headers=NAME.copy())


def test_each_key_has_names_of_its_own(send: Send, story: Story, editing: str) -> None:
    other = key_of(story, make_user("other", "Editors"))
    for key in (editing, other):
        send("predictions", DRAFT, key, headers=NAME.copy())
    assert Prediction.objects.count() == 2


@pytest.mark.parametrize("name", ["", "a b", "é", "x" * 201])
def test_a_name_that_is_none_is_refused(send: Send, editing: str, name: str) -> None:
    body = send("predictions", DRAFT, editing, status=400, headers={"Idempotency-Key": name}).json()
    assert body["problems"][0]["field"] == "Idempotency-Key"


def test_without_a_key_there_are_none(send: Send, story: Story) -> None:
    objection = {"reason": "other", "text": "No."}
    path = f"predictions/{story.opened().slug}/disputes"
    assert "together with an API key" in send(path, objection, status=400, headers=NAME.copy()).content.decode()


def begin(key: ApiKey, at: dt.datetime) -> KeptAnswer:
    return begin_answer(key=key, name="n", request_sha256="0" * 64, at=at)


def test_the_same_request_meanwhile_is_a_conflict_until_it_is_given_up(story: Story) -> None:
    key_of(story, story.editor)
    key, minute = ApiKey.objects.get(), dt.timedelta(minutes=1)
    first = begin(key, START)
    with pytest.raises(Conflict, match="being answered at this moment"):
        begin(key, START + 4 * minute)
    second = begin(key, START + 6 * minute)
    with pytest.raises(Conflict, match="answered elsewhere"):
        end_answer(kept=first, status=201, headers={}, body="{}")
    end_answer(kept=second, status=201, headers={}, body="{}")
    assert begin(key, START + 7 * minute).status == 201


def test_answers_are_let_go_after_a_day(story: Story) -> None:
    key_of(story, story.editor)
    key = ApiKey.objects.get()
    end_answer(kept=begin(key, START), status=201, headers={}, body="{}")
    assert begin(key, START + DAY - dt.timedelta(seconds=1)).status == 201
    assert begin(key, START + DAY).status is None


def at_once(many: int, do: Callable[[int], int]) -> list[int]:
    """The statuses that as many threads got, sorted."""
    got: list[int] = []
    gate = threading.Barrier(many)

    def run(number: int) -> None:
        gate.wait()
        try:
            got.append(do(number))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(got)


def post(path: str, key: str, body: Any, **headers: str) -> int:
    given = {"Authorization": f"Bearer {key}", **headers}
    return Client().post(f"/api/v1/{path}", body, content_type="application/json", headers=given).status_code


def test_of_many_at_once_one_is_done(own_database: str, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        story = Story.begin()
        key = key_of(story, story.editor)
        got = at_once(4, lambda _: post("predictions", key, DRAFT, **NAME))
        assert Prediction.objects.count() == 1
        assert set(got) <= {201, 409}
        assert 201 in got


def test_of_one_forecast_sent_many_times_one_is_recorded(own_database: str, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        story = Story.begin()
        key = key_of(story, story.editor)
        far = story.opened(resolves_by=timezone.now() + 99 * DAY)
        said = {"prediction": far.slug, "forecaster": "policy-desk", "value": 0.7, "external_id": "1"}
        assert at_once(4, lambda _: post("forecasts", key, said)) == [200, 200, 200, 201]
        assert set(at_once(3, lambda _: post("forecasts/bulk", key, [said, {**said, "external_id": "2"}]))) <= {
            201,
            409,
        }
        assert Forecast.objects.count() == 2
        connection.close()
