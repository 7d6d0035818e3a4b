"""Choosing a row without a script: a text field with the browser's own suggestions, whatever the number of rows."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

SUGGESTED = 100  # the newest rows; all others are found by their words
NAMED = 5  # rows that a refusal names
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


def suggestions(rows: QuerySet[Any]) -> list[str]:
    return [text_of(row) for row in rows.order_by("-pk")[:SUGGESTED]]


def text_of(row: Any) -> str:
    """A row as it is suggested: one line, and its number, by which it is found again."""
    return f"{' '.join(str(row).split())[:120]} #{row.pk}"
