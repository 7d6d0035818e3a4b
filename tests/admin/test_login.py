"""Passwords cannot be tried without end, neither from one address nor for one name."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

PAGE = "/desk/login/"


@pytest.fixture(autouse=True)
def editor(db: None, settings: Any) -> User:
    settings.LOGIN_TRIES_PER_ADDRESS, settings.LOGIN_TRIES_PER_NAME = 3, 5
    return User.objects.create_user("editor", password="right", is_staff=True)


def tries(password: str, name: str = "editor", address: str = "192.0.2.1") -> HttpResponse:
    return Client().post(PAGE, {"username": name, "password": password}, REMOTE_ADDR=address)


def test_it_works() -> None:
    assert tries("right").status_code == 302


def test_an_address_that_failed_too_often_waits_even_with_the_right_password() -> None:
    assert [tries("wrong", name=f"user{number}").status_code for number in range(3)] == [200, 200, 200]
    answer = tries("right")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    assert answer["Cache-Control"] == "no-store"
    assert "too many failed logins" in answer.content.decode()
    assert tries("right", address="192.0.2.2").status_code == 302


def test_a_name_that_was_tried_too_often_waits_from_everywhere() -> None:
    spellings = ("editor", "EDITOR", "Editor", "editor", "editor")
    for number, name in enumerate(spellings):
        assert tries("wrong", name, f"198.51.100.{number}").status_code == 200
    assert tries("right", address="192.0.2.9").status_code == 429
    assert tries("wrong", "another", "192.0.2.9").status_code == 200


def test_logins_that_succeed_do_not_count() -> None:
    assert [tries("right").status_code for _ in range(6)] == [302] * 6


def test_to_look_at_the_form_costs_nothing() -> None:
    assert [Client().get(PAGE).status_code for _ in range(6)] == [200] * 6


def test_what_was_tried_is_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(4):
        tries("hunter2-wrong")
    assert "hunter2" not in caplog.text
