"""What assessors made of the evidence, for the pages of others; and what they were asked, for operators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.evidence.assessors.answer import OVERRULED
from forecasts.evidence.ready import Ready
from forecasts.models import Assessment, AssessorCall, Finding, Prediction
from forecasts.queries.assessments import (
    MICROS,
    caps,
    criteria_version,
    key_of,
    report_of,
    spend_today,
    standing,
    weigh,
)

from .base import ReadOnlyAdmin
from .periods import by_period

BADGE = '<span class="desk-count">{}</span>'


def assessments_of(finding: Finding) -> SafeString | str:
    """Every assessment of a finding, the newest first; nothing in it was written by us."""
    key = key_of(report_of(finding), criteria_version(finding.prediction_id))
    rows = [_block(row, is_current=row.cache_key == key) for row in finding.assessments.all()]
    return format_html_join("", "{}", ((row,) for row in rows)) or "none yet"


def _block(row: Assessment, *, is_current: bool) -> SafeString:
    said = f" {100 * row.confidence:.0f} % sure, {row.model or row.assessor}, {row.at:%Y-%m-%d %H:%M} UTC"
    badge = format_html(BADGE, row.get_relation_display().lower())
    head = format_html("<div>{}{}{}</div>", badge, said, "" if is_current else "; of earlier criteria or another model")
    quotes = format_html_join("", "<blockquote><mark>{}</mark></blockquote>", ((each["text"],) for each in row.quotes))
    lines = format_html_join("", "<div>{}: {}</div>", _lines(row))
    return format_html("{}{}{}", head, lines, quotes)


def _lines(row: Assessment) -> list[tuple[str, str]]:
    """What there is to say beside the relation: a label and a text each."""
    told = OVERRULED.get(row.overruled, row.overruled)
    named = (
        ("it said " + row.claimed if row.claimed else "it gave no answer", f"not believed, {told}" if told else ""),
        ("it happened on", str(row.event_date or "")),
        ("left open", "; ".join(row.unmet)),
        ("it may be void", row.annul_reason),
        ("in its words", row.why if not told else ""),
    )
    return [(label, text) for label, text in named if text]


def readiness_badge(prediction: Prediction) -> SafeString | str:
    """Whether the assessed evidence is enough to decide, and why; empty of what is settled or was never assessed."""
    if prediction.state.is_final or not Assessment.objects.filter(finding__prediction=prediction).exists():
        return ""
    found = weigh(standing(prediction))
    if isinstance(found, Ready):
        return format_html(BADGE + " {}", f"ready: {found.outcome}", found.reason)
    return format_html(BADGE + " {}", "not ready", found.reason)


@admin.register(AssessorCall)
class AssessorCallAdmin(ReadOnlyAdmin):
    list_display = ("begun_at", "assessor", "finding", "duration", "cost", "tokens", "error_code")
    list_filter = (by_period("begun_at"), ("error_code", admin.EmptyFieldListFilter))
    list_select_related = ("finding",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("forecasts.operate_sources")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        spend, allowed = spend_today(timezone.now()), caps()
        title = (
            f"Today {spend.calls:,} of {allowed.calls:,} calls, "
            f"{_money(spend.cost_micros)} of {_money(allowed.cost_micros)}"
        )
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description="seconds")
    def duration(self, row: AssessorCall) -> str:
        return f"{(row.ended_at - row.begun_at).total_seconds():.1f}" if row.ended_at else "not ended"

    @admin.display(description="tokens asked and answered")
    def tokens(self, row: AssessorCall) -> str:
        return f"{row.prompt_tokens:,} + {row.completion_tokens:,}"

    @admin.display(description="cost")
    def cost(self, row: AssessorCall) -> str:
        return _money(row.cost_micros) if row.ended_at and not row.error_code else f"at most {_money(row.cost_micros)}"


def _money(micros: int) -> str:
    """Millionths in the operator's currency, to four places: single calls cost little."""
    return f"{micros / MICROS:,.4f}"
