"""Form fields of the desk."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils import timezone

HELP_GROUPS = "One group per line, alternatives separated by commas. An item must match a term of every line."


class GroupsField(forms.CharField):
    """Groups of terms, AND of ORs: a line per group, commas between alternatives."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(", ".join(group) for group in value)
        return value

    def clean(self, value: Any) -> list[list[str]]:
        text = super().clean(value) or ""
        lines = ([term.strip() for term in line.split(",") if term.strip()] for line in text.splitlines())
        return [line for line in lines if line]


class RuleField(forms.JSONField):
    """A rule over a data series, as JSON; empty for none."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value) if value else ""

    def clean(self, value: Any) -> Any:
        return super().clean(value) or {}


class LinesField(forms.CharField):
    """A list of texts, one per line."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]


class TermsField(forms.CharField):
    """Terms separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [term.strip() for term in (super().clean(value) or "").split(",") if term.strip()]


class MomentInput(AdminSplitDateTime):
    """A date and a time, each with a name that is read aloud."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, ("date", "time"), strict=True):
            widget.attrs["aria-label"] = name


def moment(*, required: bool = False, help_text: str = "UTC.", initial: Any = None, label: str | None = None) -> Any:
    """A date and a time, in UTC."""
    return forms.SplitDateTimeField(
        required=required, help_text=help_text, widget=MomentInput(), initial=initial, label=label
    )


def today() -> dt.datetime:
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


class RowForm(forms.Form):
    """A form about a row: its choices and first values may depend on it."""

    def __init__(self, row: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.row = row
        self.prepare()

    def prepare(self) -> None:
        """Narrow choices to what fits the row."""
