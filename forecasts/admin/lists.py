"""Lists of the desk: what is fetched and counted of them, and those that somebody narrowed and keeps under a name."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from forecasts.actions import forget_filter, save_filter
from forecasts.errors import Refused
from forecasts.models import SavedFilter

BIGGEST = 10**18
MOST = 2_500  # rows that are counted, and can be paged through


class MoreThan(int):
    """A count that went no further."""

    def __str__(self) -> str:
        return f"more than {int(self):,}"


class FirstPages(Paginator):  # type: ignore[type-arg]  # of rows of any model
    """Counts the first rows only: of millions, counting would take longer than everything else on the page."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by()[: MOST + 1].count()
        return MoreThan(MOST) if counted > MOST else counted


class DeskList(ChangeList):
    """Of each row only what its line reads is fetched, where the admin names that; and lists that were kept."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        user: Any = request.user
        self.saved = SavedFilter.objects.filter(user=user, noun=self.opts.model_name)
        self.narrowed = self.get_query_string(remove=[PAGE_VAR]).lstrip("?")

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        desk: Any = self.model_admin
        if reads := desk.list_reads:
            related = desk.list_select_related or (None,)
            self.result_list = self.result_list.select_related(None).select_related(*related).only(*reads)


def filter_view(page: Any, request: HttpRequest) -> HttpResponse:
    """Keep the list that was shown, or forget one; then show it again."""
    if request.method != "POST" or not page.has_view_permission(request):
        raise PermissionDenied
    query = QueryDict(request.POST.get("query", "")).urlencode()
    try:
        _done(request, page.opts.model_name, query)
    except Refused as refused:
        messages.error(request, str(refused))
    back = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    return HttpResponseRedirect(f"{back}?{query}" if query else back)


def _done(request: HttpRequest, noun: str, query: str) -> None:
    user: Any = request.user
    forgotten = request.POST.get("forget", "")
    if not forgotten:
        row = save_filter(noun=noun, name=request.POST.get("name", ""), query=query, by=user)
        messages.success(request, f"This list is kept as “{row}”.")
    elif forgotten.isdecimal() and int(forgotten) < BIGGEST:
        forget_filter(number=int(forgotten), by=user)
