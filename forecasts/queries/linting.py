"""What the lint says of a prediction as it stands."""

from forecasts.language.lint import Draft, Failure, lint
from forecasts.models import Prediction


def lint_prediction(prediction: Prediction) -> tuple[Failure, ...]:
    """The rules that fail; each blocks opening until it is met or overridden."""
    return lint(
        Draft(
            statement=prediction.statement,
            criteria=prediction.criteria,
            resolution_source=prediction.resolution_source,
            resolves_by=prediction.resolves_by,
            deadline_reason=prediction.resolves_by_rule,
        )
    )
