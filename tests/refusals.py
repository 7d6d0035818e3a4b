"""A refusal says what is wrong and leaves everything as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps

from forecasts.errors import Refused

WRITTEN_BY_ACTIONS = ("forecasts", "auth")


def everything() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    models = [model for name in WRITTEN_BY_ACTIONS for model in apps.get_app_config(name).get_models()]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}


@contextmanager
def refused(field: str, value: object, accepted: str, error: type[Refused] = Refused) -> Iterator[None]:
    """The block raises exactly `error`; its first problem names `field`, shows `value` and says what is accepted."""
    before = everything()
    with pytest.raises(Refused) as caught:
        yield
    assert type(caught.value) is error
    problem = caught.value.problems[0]
    assert problem.field == field
    assert str(value) in str(problem), str(problem)
    assert accepted in problem.accepted
    assert str(problem) in str(caught.value)
    assert everything() == before
