"""Form fields for what is said of a prediction and for what it came to: one for each kind."""

from django import forms

from forecasts.models import NOT_BEFORE, Prediction, PredictionKind, range_texts

NO_OUTCOME = ("", "none")
PERCENT = "Probabilities are numbers such as 0.4, or percentages such as 40 %"


def value_lines(row: Prediction) -> forms.CharField:
    """Lines to fill in: every option by name, or values with the probability of at most them."""
    options = "".join(f"{option}: \n" for option in row.options)
    lines = max(5, len(row.options) + 1)
    return forms.CharField(
        label="Probabilities",
        help_text=_help(row),
        initial=options,
        strip=False,  # lines are counted as they were typed
        widget=forms.Textarea(attrs={"rows": lines, "cols": 60}),
    )


def _help(row: Prediction) -> str:
    if row.kind == PredictionKind.MULTIPLE_CHOICE:
        return f"One option a line. {PERCENT}; together they make 1, or 100 %."
    low, high = range_texts(row)
    if row.kind == PredictionKind.DATE:
        return (
            f"One date a line, with the probability that it has happened when that day is over (UTC): {high}: 25 %. "
            f"Dates from {low} to {high}; what is left over means “not by {high}”. {PERCENT}."
        )
    return (
        f"One value a line, with the probability of at most that: {high}: 90 %. "
        f"Values from {low} to {high}, rising; a median is a value with 50 %. {PERCENT}."
    )


def outcome_field(row: Prediction) -> forms.Field:
    """A choice of names where there are names, else a line to type in."""
    match PredictionKind(row.kind):
        case PredictionKind.BINARY:
            named = [("yes", "yes: it happened"), ("no", "no: it did not")]
        case PredictionKind.MULTIPLE_CHOICE:
            named = [(str(number), option) for number, option in enumerate(row.options)]
        case PredictionKind.NUMERIC:
            return forms.CharField(required=False, help_text="The number that it was, such as 8.5.")
        case PredictionKind.DATE:
            first, limit = range_texts(row)
            told = f"The day on which it happened (UTC), from {first} to {limit}, or {NOT_BEFORE}: it did not by then."
            return forms.CharField(required=False, help_text=told)
    return forms.ChoiceField(required=False, choices=[NO_OUTCOME, *named])
