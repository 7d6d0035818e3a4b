"""Paste an article, look at the predictions found in it, save some as drafts. Nothing is saved before.

Two pages without a session: the second carries the text that the first one read, and is read again on every request.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.actions.values import tick_of
from forecasts.errors import Refused
from forecasts.imports.page import LONGEST_ARTICLE
from forecasts.imports.paste import (
    LONGEST_PUBLISHER,
    LONGEST_TITLE,
    About,
    Already,
    Candidate,
    Credit,
    Kept,
    Pasted,
    Pick,
    keep_paste,
    kept_article,
    known_publication,
    read_again,
    read_paste,
)
from forecasts.jobs.web_page import paste_from
from forecasts.language.quoting import Excerpt, excerpt, marked
from forecasts.models import Article, Forecaster, Prediction
from forecasts.queries.paste_page import Beside, Suggested, beside

from .base import acting, show_refusal
from .rows import RowField, suggestions

AROUND = 120  # characters of context on a card
LONGEST_STATEMENT = 1_000
CREDITS = "credits"  # one list of suggestions for all candidates
LONGEST_POSTED = 2 * LONGEST_ARTICLE  # a browser sends two characters for each end of a line
DATE_CHANGED = "The date changed, so deadlines were read again. Look at them and save."


class PublishedField(forms.SplitDateTimeField):
    """A day and perhaps a time, UTC; without one its 00:00."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": "date of publication"},
            time_attrs={"type": "time", "step": "1", "aria-label": "time of publication"},
            date_format="%Y-%m-%d",
            time_format="%H:%M:%S",
        )
        help_text = "UTC. Relative dates such as “within two years” count from it."
        super().__init__(required=False, label="Published", help_text=help_text, widget=widget, **kwargs)

    def compress(self, data_list: Any) -> Any:
        if data_list and data_list[0] and not data_list[1]:
            data_list = [data_list[0], dt.time(0)]
        return super().compress(data_list)


def _address(help_text: str = "") -> forms.URLField:
    return forms.URLField(required=False, max_length=2048, assume_scheme="https", label="Address", help_text=help_text)


class PasteForm(forms.Form):
    """An article as it arrives: pasted text or HTML, or a file."""

    text = forms.CharField(
        label="Article",
        required=False,
        max_length=LONGEST_POSTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "autofocus": True}),
        help_text="Text or HTML. Text that was decoded wrongly is repaired.",
    )
    file = forms.FileField(required=False, label="or a file")
    url = _address("Alone, without text or file, the article is read from here.")
    published_at = PublishedField()


class AboutForm(forms.Form):
    """What is kept of the article, its text as it was read, and the date that its deadlines were read with."""

    title = forms.CharField(max_length=LONGEST_TITLE)
    publisher = forms.CharField(max_length=LONGEST_PUBLISHER, help_text="It is credited with what its words imply.")
    url = _address()
    published_at = PublishedField()
    text = forms.CharField(max_length=LONGEST_POSTED, strip=False, widget=forms.Textarea(attrs={"hidden": True}))
    read_with = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def about(self) -> About:
        given = self.cleaned_data
        return About(given["title"], given["publisher"], given["url"], given["published_at"])


class CreditField(RowField):
    """Who said it: the publication itself, a forecaster of the site, or nobody yet."""

    def __init__(self) -> None:
        help_text = "Empty: nobody yet, and opening issues no forecast."
        super().__init__(
            Forecaster.objects.speaking(), ("name", "slug"), required=False, label="Credited to", help_text=help_text,
            widget=forms.TextInput(attrs={"list": CREDITS}),
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        if str(value).strip() in set(Credit):
            return Credit(str(value).strip())
        return super().clean(value)


class DraftForm(forms.Form):
    """One candidate as it will be logged."""

    keep = forms.BooleanField(required=False)
    statement = forms.CharField(max_length=LONGEST_STATEMENT, widget=forms.Textarea(attrs={"rows": 2}))
    resolves_by = forms.DateField(
        required=False, label="Deadline", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    probability = forms.CharField(required=False, max_length=20)
    criteria = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Left empty, they are written from statement and deadline.",
    )
    resolution_source = forms.CharField(required=False, label="Source that will settle it")
    credited = CreditField()

    def __init__(self, candidate: Candidate, *, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.candidate = candidate
        prefix = f"c{candidate.claim.start}"
        super().__init__(
            initial=initial or suggested_values(candidate), prefix=prefix, use_required_attribute=False, **kwargs
        )

    def clean_probability(self) -> str:
        typed = str(self.cleaned_data["probability"])
        if typed:
            try:
                tick_of(typed, "probability")
            except Refused as refused:
                raise forms.ValidationError(str(refused)) from None
        return typed

    def pick(self) -> Pick:
        given = {name: value for name, value in self.cleaned_data.items() if name != "keep"}
        return Pick(self.candidate, **{**given, "criteria": given["criteria"].replace("\r\n", "\n")})


def suggested_values(candidate: Candidate) -> dict[str, Any]:
    pick = Pick.as_suggested(candidate)
    return {
        "keep": candidate.is_sure,
        "statement": pick.statement,
        "resolves_by": pick.resolves_by,
        "probability": pick.probability,
        "criteria": pick.criteria,
        "resolution_source": pick.resolution_source,
        "credited": str(pick.credited),
    }


@dataclass(frozen=True)
class Card:
    """What the page shows of one candidate."""

    number: int
    form: DraftForm
    excerpt: Excerpt | None
    beside: Beside
    before: Prediction | None

    @property
    def candidate(self) -> Candidate:
        return self.form.candidate


@dataclass(frozen=True)
class Visit:
    """The site's context, and the page to show it on."""

    request: HttpRequest
    context: dict[str, Any]

    def page(self, template: str, **more: Any) -> HttpResponse:
        return render(self.request, template, {**self.context, **more})


def paste_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The pages of the flow by what was posted: nothing, an article, or the review of one."""
    visit = Visit(request, context)
    if request.method == "POST" and "read_with" in request.POST:
        return _review(visit)
    return _paste(visit)


def _paste(visit: Visit) -> HttpResponse:
    posted = visit.request.method == "POST"
    form = PasteForm(visit.request.POST or None, visit.request.FILES or None)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            pasted = _read(visit.request, **given)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            about = AboutForm(initial=_about_values(pasted), use_required_attribute=False)
            return _show(visit, pasted, about, [DraftForm(each) for each in pasted.candidates])
    return visit.page("desk/paste.html", form=form, title="Paste an article")


def _read(request: HttpRequest, *, text: str, file: Any, url: str, published_at: dt.datetime | None) -> Pasted:
    if url and not file and not text.strip():
        return paste_from(url, published_at=published_at, by=acting(request).by)
    return read_paste(file.read() if file else text, published_at=published_at, url=url)


def _about_values(pasted: Pasted) -> dict[str, Any]:
    about = pasted.about
    return {
        "title": about.title,
        "publisher": about.publisher,
        "url": about.url,
        "published_at": about.published_at,
        "read_with": about.published_at,
        "text": pasted.text,
    }


def _review(visit: Visit) -> HttpResponse:
    """Save what is ticked; or read it again, when asked to or when the date changed."""
    posted = visit.request.POST
    about = AboutForm(posted, use_required_attribute=False)
    valid = about.is_valid()
    text, read_with = about.cleaned_data.get("text"), about.cleaned_data.get("read_with")
    if text is None or not text.strip():
        return _paste(visit)
    published_at = about.cleaned_data.get("published_at", read_with)
    shown = read_again(text, published_at=read_with)
    if published_at != read_with or "again" in posted:
        return _read_anew(visit, about, shown, read_again(text, published_at=published_at))
    drafts = [DraftForm(each, data=posted) for each in shown.candidates]
    ticked = [form for form in drafts if form["keep"].value()]
    if all([valid, *(form.is_valid() for form in ticked)]):
        try:
            kept = keep_paste(
                pasted=shown, about=about.about(), picks=[form.pick() for form in ticked], **vars(acting(visit.request))
            )
        except Refused as refused:
            show_refusal(about, refused)
        else:
            return _told(visit.request, kept)
    return _show(visit, shown, about, drafts)


def _read_anew(visit: Visit, about: AboutForm, shown: Pasted, anew: Pasted) -> HttpResponse:
    """Suggestions with the new date; what the editor changed stays as she left it."""
    posted = visit.request.POST
    olds = {candidate.claim.start: candidate for candidate in shown.candidates}
    drafts = [DraftForm(each, initial=_merged(posted, olds.get(each.claim.start), each)) for each in anew.candidates]
    if "save" in posted:
        messages.warning(visit.request, DATE_CHANGED)
    values = {name: about[name].value() for name in about.fields}
    fresh = AboutForm(initial={**values, "published_at": anew.about.published_at, "read_with": anew.about.published_at})
    return _show(visit, anew, about if about.errors else fresh, drafts)


def _merged(posted: Mapping[str, str], old: Candidate | None, new: Candidate) -> dict[str, Any]:
    values = suggested_values(new)
    if old is None:
        return values
    prefix, before = f"c{old.claim.start}", suggested_values(old)
    for name in values:
        given = posted.get(f"{prefix}-{name}", "").replace("\r\n", "\n")
        if name == "keep":
            values[name] = bool(given)
        elif given != str(before[name] or ""):
            values[name] = given
    return values


def _show(visit: Visit, pasted: Pasted, about: AboutForm, drafts: Sequence[DraftForm]) -> HttpResponse:
    publisher, url = str(about["publisher"].value() or ""), str(about["url"].value() or "")
    kept = kept_article(pasted.text, About("", publisher, url))
    cards = _cards(pasted, drafts, publisher, kept)
    places = [(card.candidate.claim.start, card.candidate.claim.end, str(card.number)) for card in cards]
    return visit.page(
        "desk/paste_review.html",
        title=f"Review: {len(cards)} candidates" if len(cards) != 1 else "Review: 1 candidate",
        about=about,
        cards=cards,
        pieces=marked(pasted.text, places),
        pasted=pasted,
        kept=kept,
        credits_id=CREDITS,
        credits=[Credit.PUBLICATION, *suggestions(Forecaster.objects.speaking())],
        has_errors=bool(about.errors) or any(form.is_bound and form["keep"].value() and form.errors for form in drafts),
    )


def _cards(pasted: Pasted, drafts: Sequence[DraftForm], publisher: str, kept: Article | None) -> list[Card]:
    claims = [form.candidate.claim for form in drafts]
    suggested = [
        Suggested(claim.statement, claim.resolves_by, None if claim.said_by else claim.tick) for claim in claims
    ]
    found = beside(suggested, publisher, known_publication(publisher))
    already = Already(kept)
    return [
        Card(
            number=number,
            form=form,
            excerpt=excerpt(pasted.text, claim.start, claim.end, AROUND),
            beside=near,
            before=already.find(claim),
        )
        for number, (form, claim, near) in enumerate(zip(drafts, claims, found, strict=True), start=1)
    ]


def _told(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Say what was saved and what is still missing, on the article's page."""
    if not kept.was_kept:
        messages.success(request, "The article is kept.")
    if kept.drafts:
        messages.success(request, _drafts_told(kept))
    if kept.already:
        messages.info(request, f"Logged before and left as they are: {len(kept.already)}.")
    if kept.was_kept and not kept.drafts:
        messages.info(request, "The article was kept before, and nothing new was saved.")
    return HttpResponseRedirect(reverse("admin:forecasts_article_change", args=[kept.article.pk]))


def _drafts_told(kept: Kept) -> SafeString:
    saved = "1 draft was saved." if len(kept.drafts) == 1 else f"{len(kept.drafts)} drafts were saved."
    lines = (
        (
            reverse("admin:forecasts_prediction_change", args=[logged.prediction.pk]),
            logged.prediction.statement,
            f"before opening: {', '.join(failure.label for failure in logged.failures)}"
            if logged.failures
            else "ready to open",
        )
        for logged in kept.drafts
    )
    return format_html(
        "{}{}", saved, format_html_join("", '<div class="paste-told"><a href="{}">{}</a> ({})</div>', lines)
    )
