"""Fields of what is sent: no silent conversion, unknown names refused, and each refusal says what would be accepted."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.actions.values import ACCEPTED_MOMENT, moment_of
from forecasts.errors import Problem, Refused

MOMENT_OR_DAY = f"{ACCEPTED_MOMENT}, or a day such as 2026-01-31"
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Input(serializers.Serializer[Any]):
    """What a write takes. `read` gives the cleaned fields or refuses all that is wrong, field by field."""

    default_error_messages = {"invalid": "give a JSON object", "null": "give a JSON object"}  # noqa: RUF012

    @classmethod
    def read(cls, given: object) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise Refused("body", type(given).__name__, "give a JSON object")
        form = cls(data=given)
        if not form.is_valid():
            raise Refused.all([_problem(given, name, why) for name, why in form.errors.items()])
        return dict(form.validated_data)

    def to_internal_value(self, data: Any) -> Any:
        """Unknown fields are told together with what is wrong with the others."""
        if not isinstance(data, dict):
            self.fail("invalid")
        known = ", ".join(self.fields)
        unknown = {name: [f"the fields here are {known}"] for name in data if name not in self.fields}
        try:
            cleaned = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**unknown, **cast("dict[str, Any]", error.detail)}) from None
        if unknown:
            raise serializers.ValidationError(unknown)
        return cleaned


def _problem(given: Mapping[str, Any], name: str, why: Any) -> Problem:
    """Errors of the elements of a list are told as one."""
    while isinstance(why, dict | list):
        why = next(iter(why.values() if isinstance(why, dict) else why))
    return Problem(name, given.get(name), str(why))


class Text(serializers.CharField):
    """Text as it is given; a number is none."""

    default_error_messages = {  # noqa: RUF012 -- DRF's own way to say it
        "required": "give it, as text",
        "null": "give text, or leave it out",
        "invalid": "give text",
        "blank": "give it, as text",
        "max_length": "give at most {max_length} characters",
    }

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": not given.get("required", True), **given})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Slug(Text):
    """The slug of a row, which must exist."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"max_length": 120, **given})


class OneOf(serializers.ChoiceField):
    def __init__(self, choices: Iterable[str], **given: Any) -> None:
        self.accepted = f"give one of {', '.join(choices)}"
        messages: dict[str, Any] = dict.fromkeys(("required", "null", "invalid_choice"), self.accepted)
        super().__init__(choices=list(choices), error_messages=messages, **given)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    default_error_messages = {"invalid": "give true or false", "null": "give true or false"}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(data)


class Whole(serializers.IntegerField):
    """A whole number."""

    default_error_messages = {  # noqa: RUF012
        "required": "give a whole number",
        "null": "give a whole number, or leave it out",
        "invalid": "give a whole number",
        "max_value": "give at most {max_value}",
        "min_value": "give {min_value} or more",
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(data)


class Listed(serializers.ListField):
    default_error_messages = {  # noqa: RUF012
        "required": "give a list",
        "not_a_list": "give a list",
        "null": "give a list, or leave it out",
        "max_length": "give at most {max_length}",
    }


@extend_schema_field({"type": "string", "format": "date-time"})
class Moment(serializers.Field[dt.datetime, Any, str, Any]):
    """A time with its zone, in UTC from then on."""

    default_error_messages = {"required": ACCEPTED_MOMENT, "null": ACCEPTED_MOMENT, "invalid": ACCEPTED_MOMENT}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> dt.datetime:
        try:
            return moment_of(data, str(self.field_name))
        except Refused:
            return self.fail("invalid")

    def to_representation(self, value: dt.datetime) -> str:
        return value.isoformat()


@extend_schema_field({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]})
class MomentOrDay(Moment):
    """The same, or a day, which means `clock` on it, UTC."""

    default_error_messages = dict.fromkeys(("required", "null", "invalid"), MOMENT_OR_DAY)

    def __init__(self, clock: dt.time, **given: Any) -> None:
        self.clock = clock
        super().__init__(**given)

    def to_internal_value(self, data: Any) -> dt.datetime:
        if isinstance(data, str) and DAY.fullmatch(data):
            return super().to_internal_value(f"{data}T{self.clock.isoformat()}Z")
        return super().to_internal_value(data)


BEGINNING, END = dt.time(0), dt.time(23, 59, 59)


@extend_schema_field({"type": ["number", "string", "array", "object"], "items": {}})
class Anything(serializers.Field[Any, Any, Any, Any]):
    """What the action reads: what a forecast says."""

    default_error_messages = {"required": "give it", "null": "give it, or leave it out"}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": ["number", "string"]})
class NumberOrText(Anything):
    """A number, or a text that says one: a probability, an end of a range."""
