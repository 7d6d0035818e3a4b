"""Choosing a row without a script: a text field with the browser's own suggestions, whatever the number of rows."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

SUGGESTED = 100  # the newest rows; all others are found by their words
NAMED = 5  # rows that a refusal names
ROOM = 3  # empty fields for further rows
MOST_ROWS = 100
_KEY = re.compile(r"(?:.*#)?(\d{1,18})\s*", re.DOTALL)


class RowInput(forms.TextInput):
    """A text field and its list of suggestions, read when the page is made."""

    template_name = "desk/row_input.html"
    rows: QuerySet[Any]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "list": f"{name}_rows"})
        context["widget"]["suggestions"] = suggestions(self.rows)
        return context


class RowField(forms.CharField):
    """One row of `queryset`, as "its name #number", by the number alone, or by words that only it has in `searched`."""

    widget = RowInput

    def __init__(self, queryset: QuerySet[Any], searched: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.searched = searched
        self.queryset = queryset
        self.widget.attrs["size"] = 60

    @property
    def queryset(self) -> QuerySet[Any]:
        return self._queryset

    @queryset.setter
    def queryset(self, rows: QuerySet[Any]) -> None:
        """What may be chosen and what is suggested are the same."""
        self._queryset = rows
        self.widget.rows = rows

    def prepare_value(self, value: Any) -> Any:
        """A form is filled from a row or its number; what was typed stays as it is."""
        row = value if isinstance(value, Model) else None
        if isinstance(value, int):
            row = self.queryset.filter(pk=value).first()
        return text_of(row) if row else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        key = _KEY.fullmatch(text)
        rows = self.queryset.filter(pk=int(key[1])) if key else self._found(text)
        found = list(rows[: NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                f"Nothing is called “{text[:100]}”. Choose one of the suggestions, or give its number."
            )
        named = "; ".join(text_of(row) for row in found[:NAMED])
        more = " and more" if len(found) > NAMED else ""
        raise ValidationError(f"“{text[:100]}” could be {named}{more}. Choose one of them.")

    def _found(self, text: str) -> QuerySet[Any]:
        """Rows that are called so; where there are none, those that have the words."""
        for lookup in ("iexact", "icontains"):
            wanted = Q()
            for name in self.searched:
                wanted |= Q(**{f"{name}__{lookup}": text})
            rows = self.queryset.filter(wanted).order_by("-pk")
            if rows.exists():
                return rows
        return self.queryset.none()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class RowsInput(forms.TextInput):
    """A text field a row, and some empty ones, all with the same suggestions. Emptying a field takes its row away."""

    template_name = "desk/rows_input.html"
    rows: QuerySet[Any]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, {**(attrs or {}), "list": f"{name}_rows"})
        context["widget"]["values"] = [*(value or ()), *[""] * ROOM]
        context["widget"]["suggestions"] = suggestions(self.rows)
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        texts = data.getlist(name) if hasattr(data, "getlist") else data.get(name, ())
        return [text.strip() for text in texts if text.strip()]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """A browser sends an empty field too; whoever sends none at all leaves nothing chosen, as with checkboxes."""
        return False


class RowsField(forms.Field):
    """Any number of rows of `queryset`, each named as in a RowField; at most MOST_ROWS."""

    widget = RowsInput

    def __init__(self, queryset: QuerySet[Any], searched: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.one = RowField(queryset, searched)
        self.widget.rows = queryset
        self.widget.attrs["size"] = 60

    def prepare_value(self, value: Any) -> Any:
        return [self.one.prepare_value(each) for each in value or ()]

    def clean(self, value: Sequence[str]) -> list[Any]:
        """Every text that names no row is named in one answer."""
        super().clean(value)
        if len(value) > MOST_ROWS:
            raise ValidationError(f"{len(value)} are named; at most {MOST_ROWS} can be chosen.")
        rows, errors = {}, []
        for text in value:
            try:
                row = self.one.clean(text)
                rows[row.pk] = row
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return list(rows.values())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(self.prepare_value(initial)) != sorted(data or ())


def suggestions(rows: QuerySet[Any]) -> list[str]:
    return [text_of(row) for row in rows.order_by("-pk")[:SUGGESTED]]


def text_of(row: Any) -> str:
    """A row as it is suggested: one line, and its number, by which it is found again."""
    return f"{' '.join(str(row).split())[:120]} #{row.pk}"
