"""Every error that Reckoner raises on purpose.

ReckonerError                    .code (stable, documented), .permanent (a retry cannot help)
├── Refused                      bad input: field, value and what is accepted
│   ├── NotAllowed               this person may not do this
│   ├── TooLarge                 more bytes or rows than are taken at once
│   ├── NotReady                 the lint or the life of a prediction forbids it yet
│   ├── Conflict                 somebody else was first
│   ├── OtherRequest             an Idempotency-Key that was given for another request
│   └── CountingNotValid         a way of counting that would not be proper here
├── FetchFailed                  a source could not be read; may work later
│   ├── BadStatus                it answered with a status that is no content (in evidence.fetch)
│   ├── FetchRefused             our own guard said no (address, scheme, port, redirect)
│   ├── FetchTooLarge            a cap on bytes, ratio or time was passed
│   └── UnreadableSource         fetched, but not what the kind of source promises
├── SnapshotLost                 what was seen is not in the store, or not as it was (in queries.bodies)
├── SemanticMissing              the semantic extra is not there, or another version (in evidence.semantic)
└── LedgerBroken                 the chain or a row does not match its entry
"""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN_VALUE_LENGTH = 80
SAID = 20  # problems in a message


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field; of many rows also in which one, from 0."""

    field: str
    value: object
    accepted: str
    row: int | None = None

    def __str__(self) -> str:
        shown = repr(self.value)
        if len(shown) > SHOWN_VALUE_LENGTH:
            shown = shown[:SHOWN_VALUE_LENGTH] + "…"
        where = "" if self.row is None else f"row {self.row}: "
        return f"{where}{self.field}: {shown} is not accepted; {self.accepted}"


class ReckonerError(Exception):
    code = "error"
    permanent = True


class Refused(ReckonerError):
    """Bad input. The message names the field, the value and what would be accepted.

    >>> str(Refused("probability", 1.2, "give a number from 0 to 1"))
    'probability: 1.2 is not accepted; give a number from 0 to 1'
    """

    code = "refused"

    def __init__(
        self, field: str, value: object, accepted: str, also: Sequence[Problem] = (), row: int | None = None
    ) -> None:
        self.problems = (Problem(field, value, accepted, row), *also)
        more = len(self.problems) - SAID
        said = "; ".join(str(problem) for problem in self.problems[:SAID])
        super().__init__(f"{said}; and {more} more" if more > 0 else said)

    @classmethod
    def all(cls, problems: Sequence[Problem]) -> "Refused":
        """One error for several problems, in their order."""
        first, *rest = problems
        return cls(first.field, first.value, first.accepted, also=rest, row=first.row)


class NotAllowed(Refused):
    code = "not_allowed"


class TooLarge(Refused):
    code = "too_large"


class NotReady(Refused):
    code = "not_ready"


class Conflict(Refused):
    code = "conflict"


class OtherRequest(Refused):
    code = "other_request"


class CountingNotValid(Refused):
    code = "counting_not_valid"


class FetchFailed(ReckonerError):
    """A source could not be read. `code` says why in one word; `detail` in a sentence."""

    code = "fetch_failed"
    permanent = False

    def __init__(self, detail: str, code: str | None = None) -> None:
        self.code = code or type(self).code
        self.detail = detail
        super().__init__(detail)


class FetchRefused(FetchFailed):
    code = "fetch_refused"
    permanent = True


class FetchTooLarge(FetchFailed):
    code = "fetch_too_large"


class UnreadableSource(FetchFailed):
    code = "unreadable_source"


class LedgerBroken(ReckonerError):
    """The ledger does not verify. `seq` is the first entry at fault."""

    code = "ledger_broken"

    def __init__(self, seq: int, detail: str) -> None:
        self.seq = seq
        super().__init__(f"entry {seq}: {detail}")
