from django.db import models

from .base import choice_check
from .prediction import PredictionKind
from .score import Scope


class Said(models.TextChoices):
    """What a scope has said about a prediction: only what came with a track record, or only here, or both."""

    IMPORTED = "imported"
    OWN = "own"
    BOTH = "both"


class MadeState(models.TextChoices):
    """What has become of a prediction, as far as it does not depend on the hour: `waiting` is open or overdue."""

    WAITING = "waiting"
    EARLY = "early"
    DUE = "due"
    VOID = "void"


class MadeCount(models.Model):
    """How many predictions a scope has said anything about, by what has become of them: the denominators.

    `moment` is the deadline of what is waiting; once it is settled, the first of the month in which the world knew.
    `latest_deadline` is exact while it is waiting, and the first of its month once it is settled.
    """

    scope = models.CharField(max_length=12, choices=Scope.choices)
    scope_id = models.BigIntegerField(default=0)
    said = models.CharField(max_length=10, choices=Said.choices)
    kind = models.CharField(max_length=20, default=PredictionKind.BINARY)
    state = models.CharField(max_length=10, choices=MadeState.choices)
    void_reason = models.CharField(max_length=20, blank=True)
    moment = models.DateTimeField()
    latest_deadline = models.DateTimeField()
    predictions = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("scope", "scope_id", "said", "kind", "state", "void_reason", "moment", "latest_deadline"),
                name="made_count_once",
            ),
            choice_check("state", MadeState, "made_count_state_known"),
        )
        indexes = (models.Index(fields=("id",), condition=models.Q(predictions=0), name="made_count_of_none"),)

    def __str__(self) -> str:
        return f"{self.scope} {self.scope_id} {self.state}: {self.predictions}"
