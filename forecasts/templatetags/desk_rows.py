"""The rows of a list at the desk.

How a column is shown is found once for a list; Django's own tag finds it anew in each cell, which is half of the time
that a list takes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import ResultList, result_headers
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import display_for_field, display_for_value, quote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, ForeignKey, Model
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()
BOX = "action_checkbox"
PLACE = "PLACE"  # stands for a primary key in an address


@dataclass(frozen=True)
class Column:
    classes: str
    shown: Callable[[Any], Any]


@register.inclusion_tag("admin/change_list_results.html")
def desk_rows(cl: ChangeList) -> dict[str, Any]:
    """The table of `cl`, as Django's `result_list` makes it of a list in which nothing can be edited."""
    headers = list(result_headers(cl))
    return {
        "cl": cl,
        "result_headers": headers,
        "num_sorted_fields": sum(header["sortable"] and header["sorted"] for header in headers),
        "results": [ResultList(None, [cells]) for cells in _rows(cl)],
    }


def _rows(cl: ChangeList) -> Iterator[SafeString]:
    """Each row's cells. The first that is no box to tick is the row's heading, and leads to its page."""
    columns = [_column(cl, str(name)) for name in cl.list_display]
    heading = next(place for place, name in enumerate(cl.list_display) if name != BOX)
    before, after = _address(cl)
    for row in cl.result_list:
        texts = [conditional_escape(column.shown(row)) for column in columns]
        cells = [f'<td class="{each.classes}">{text}</td>' for each, text in zip(columns, texts, strict=True)]
        link = f'<a href="{before}{quote(row.pk)}{after}">{texts[heading]}</a>'
        cells[heading] = f'<th class="{columns[heading].classes}">{link}</th>'
        yield SafeString("".join(cells))


def _address(cl: ChangeList) -> tuple[str, str]:
    """What stands before and after the primary key in the address of a row's page, which leads back to this list."""
    page = reverse(f"admin:{cl.opts.app_label}_{cl.opts.model_name}_change", args=[PLACE])
    leading_back = add_preserved_filters({"preserved_filters": cl.preserved_filters, "opts": cl.opts}, page)
    before, _, after = conditional_escape(leading_back).partition(PLACE)
    return before, after


def _column(cl: ChangeList, name: str) -> Column:
    if name == BOX:
        return Column("action-checkbox", cl.model_admin.action_checkbox)
    empty = cl.model_admin.get_empty_value_display()
    try:
        field = cl.opts.get_field(name)
    except FieldDoesNotExist:
        return Column(f"field-{name}", partial(_computed, getattr(cl.model_admin, name, None), name, empty))
    unbroken = " nowrap" if isinstance(field, DateField | ForeignKey) else ""
    return Column(f"field-{name}{unbroken}", _stored(field, empty))


def _stored(field: Any, empty: str) -> Callable[[Model], object]:
    if isinstance(field, ForeignKey):
        return lambda row: getattr(row, field.name) or empty
    if field.choices:
        words = dict(field.flatchoices)
        return lambda row: words.get(getattr(row, field.attname), empty)
    return lambda row: display_for_field(getattr(row, field.attname), field, empty)


def _computed(method: Callable[[Model], object] | None, name: str, empty: str, row: Model) -> object:
    """By the admin's method of that name, else by the row's own."""
    value = method(row) if method else getattr(row, name)
    if callable(value):
        value = value()
    return (value if value.strip() else empty) if isinstance(value, str) else display_for_value(value, empty)
