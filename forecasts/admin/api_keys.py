"""API keys: made for a user, shown once, revoked."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from forecasts.actions import make_api_key, revoke_api_key
from forecasts.models import ApiKey, KeyScope

from .base import Acting, ActionAdmin, ActionForm, Verb, acting
from .fields import RowForm, moment
from .rows import RowField

USUAL_LIFE = dt.timedelta(days=90)


def _expires() -> dt.datetime:
    return timezone.now().replace(second=0, microsecond=0) + USUAL_LIFE


class ApiKeyForm(ActionForm):
    scopes = forms.MultipleChoiceField(
        choices=KeyScope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Never more than the user may do at the desk.",
    )
    expires_at = moment(required=True, initial=_expires, help_text="UTC. A year from now at most.")

    class Meta:
        model = ApiKey
        fields = ("user", "name", "scopes", "expires_at")


def _revoke(acting: Acting, row: ApiKey, given: Mapping[str, Any]) -> str:
    revoke_api_key(key=row, at=acting.at, by=acting.by)
    return "Revoked: it opens nothing any more."


@admin.register(ApiKey)
class ApiKeyAdmin(ActionAdmin):
    """The secret is in the answer to the form that made it, and nowhere else: a message would be stored."""

    right = "operate_keys"
    form = ApiKeyForm
    list_display = ("name", "user", "prefix", "scopes", "made_at", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__username")
    shown = ("user", "name", "prefix", "scopes", "made_at", "made_by", "expires_at", "last_used_at", "revoked_at")
    verbs = (Verb("revoke", "Revoke", "operate_keys", RowForm, _revoke, lambda row: row.revoked_at is None),)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is never changed: another one is made."""
        return obj is None and super().has_change_permission(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown if obj else ApiKeyForm.Meta.fields

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        users = User.objects.filter(is_active=True)
        return RowField(users, ("username",), label="User", help_text=db_field.help_text)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        who, given = acting(request), form.cleaned_data
        made = make_api_key(
            user=given["user"],
            name=given["name"],
            scopes=given["scopes"],
            expires_at=given["expires_at"],
            at=who.at,
            by=who.by,
        )
        obj.__dict__.update(made.key.__dict__)
        request.made = made  # type: ignore[attr-defined]  # for the answer to this request alone

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "The key was made",
            "key": obj,
            "secret": request.made.secret,  # type: ignore[attr-defined]
        }
        answer = render(request, "desk/api_key.html", context)
        add_never_cache_headers(answer)
        return answer
