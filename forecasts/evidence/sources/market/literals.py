"""What markets write where an outcome belongs."""

from decimal import Decimal

from forecasts.evidence.plaintext import clean

MAX_LITERAL = 80

# Settled, but neither way: whoever had yes and whoever had no were paid alike or paid back.
NO_OUTCOME = frozenset(
    {"0.5", ".5", "0.50", "50%", "50", "50-50", "50/50", "split", "n/a", "na", "not applicable", "cancel", "cancelled"}
    | {"canceled", "void", "voided", "annulled", "invalid", "ambiguous", "refund", "refunded", "mkt", "reopened"}
    | {"re-opened", "disputed"}
)
UNRESOLVED = frozenset({"", "null", "none", "open", "active", "pending", "unresolved", "trading", "tbd"})
CLOSED = frozenset({"true", "closed", "resolved", "settled", "finalized", "finalised", "determined"})


def literal(value: object) -> str:
    """`value` as it is compared: text in lower case, 1.0 as 1, true and false; "" for null and what is no literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _plain(value)
    return clean(value[:MAX_LITERAL]).casefold() if isinstance(value, str) else ""


def _plain(value: int | float | Decimal) -> str:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > MAX_LITERAL:
        return str(number).lower()
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
