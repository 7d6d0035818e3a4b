from .article import Article, Milestone
from .base import Basis, Cohort, Precision, Track
from .criteria_version import CriteriaVersion
from .dispute import Dispute, DisputeReason, DisputeStatus
from .finding import Finding, Review, Stance
from .forecast import Forecast
from .forecaster import Forecaster, ForecasterKind
from .import_run import ImportRun
from .ledger_entry import (
    Actor,
    Cursor,
    CursorName,
    EntryKind,
    FollowerFailure,
    Heartbeat,
    LedgerEntry,
    LedgerHead,
)
from .prediction import GroupKind, Prediction, PredictionGroup, PredictionKind, PredictionStatus
from .resolution import (
    Proposal,
    ProposalFinding,
    ProposalStatus,
    RejectReason,
    Resolution,
    VoidReason,
)
from .score import EXPLICIT, CalibrationCell, FactRow, Scope, ScopeCount, Score, StoredStatistic
from .snapshot import Snapshot
from .source import Check, CheckStatus, EvidenceSource, SourceKind, Watch
from .topic import Topic
from .values import (
    BINARY_OUTCOMES,
    MEDIAN,
    NO,
    NOT_BEFORE,
    YES,
    Curve,
    central,
    number_text,
    outcome_words,
    place_text,
    range_texts,
)

__all__ = [
    "BINARY_OUTCOMES",
    "EXPLICIT",
    "MEDIAN",
    "NO",
    "NOT_BEFORE",
    "YES",
    "Actor",
    "Article",
    "Basis",
    "CalibrationCell",
    "Check",
    "CheckStatus",
    "Cohort",
    "CriteriaVersion",
    "Cursor",
    "CursorName",
    "Curve",
    "Dispute",
    "DisputeReason",
    "DisputeStatus",
    "EntryKind",
    "EvidenceSource",
    "FactRow",
    "Finding",
    "FollowerFailure",
    "Forecast",
    "Forecaster",
    "ForecasterKind",
    "GroupKind",
    "Heartbeat",
    "ImportRun",
    "LedgerEntry",
    "LedgerHead",
    "Milestone",
    "Precision",
    "Prediction",
    "PredictionGroup",
    "PredictionKind",
    "PredictionStatus",
    "Proposal",
    "ProposalFinding",
    "ProposalStatus",
    "RejectReason",
    "Resolution",
    "Review",
    "Scope",
    "ScopeCount",
    "Score",
    "Snapshot",
    "SourceKind",
    "Stance",
    "StoredStatistic",
    "Topic",
    "Track",
    "VoidReason",
    "Watch",
    "central",
    "number_text",
    "outcome_words",
    "place_text",
    "range_texts",
]
