from .api_key import ApiKey, KeptAnswer, KeyScope
from .article import Article, Milestone
from .assessment import Assessment, AssessorCall, AssessorState, Relation
from .base import Basis, Cohort, Precision, Track
from .criteria_version import CriteriaVersion
from .dispute import Dispute, DisputeReason, DisputeStatus
from .finding import Finding, FoundBy, LinkedArticle, Review, Stance
from .forecast import Forecast
from .forecaster import DERIVED, Forecaster, ForecasterKind
from .import_run import ImportFile, ImportRun
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
from .made_count import MadeCount, MadeState, Said
from .prediction import GroupKind, Prediction, PredictionGroup, PredictionKind, PredictionStatus
from .resolution import (
    Proposal,
    ProposalFinding,
    ProposalStatus,
    RejectReason,
    Resolution,
    VoidReason,
)
from .saved_filter import SavedFilter
from .score import EXPLICIT, CalibrationCell, FactRow, Scope, ScopeCount, Score, StoredStatistic
from .snapshot import Snapshot
from .source import (
    Check,
    CheckStatus,
    EvidenceSource,
    HostGate,
    RobotsFile,
    SeriesPrint,
    SourceKind,
    Watch,
)
from .topic import Topic
from .unsettled_sum import UnsettledSum, UnsettledTotal
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
    place_words,
    range_texts,
    said_words,
)
from .vocabulary import AlertThreshold, WordCount
from .webhook import ANNOUNCED, Delivery, DeliveryStatus, Webhook

__all__ = [
    "ANNOUNCED",
    "BINARY_OUTCOMES",
    "DERIVED",
    "EXPLICIT",
    "MEDIAN",
    "NO",
    "NOT_BEFORE",
    "YES",
    "Actor",
    "AlertThreshold",
    "ApiKey",
    "Article",
    "Assessment",
    "AssessorCall",
    "AssessorState",
    "Basis",
    "CalibrationCell",
    "Check",
    "CheckStatus",
    "Cohort",
    "CriteriaVersion",
    "Cursor",
    "CursorName",
    "Curve",
    "Delivery",
    "DeliveryStatus",
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
    "FoundBy",
    "GroupKind",
    "Heartbeat",
    "HostGate",
    "ImportFile",
    "ImportRun",
    "KeptAnswer",
    "KeyScope",
    "LedgerEntry",
    "LedgerHead",
    "LinkedArticle",
    "MadeCount",
    "MadeState",
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
    "Relation",
    "Resolution",
    "Review",
    "RobotsFile",
    "Said",
    "SavedFilter",
    "Scope",
    "ScopeCount",
    "Score",
    "SeriesPrint",
    "Snapshot",
    "SourceKind",
    "Stance",
    "StoredStatistic",
    "Topic",
    "Track",
    "UnsettledSum",
    "UnsettledTotal",
    "VoidReason",
    "Watch",
    "Webhook",
    "WordCount",
    "central",
    "number_text",
    "outcome_words",
    "place_text",
    "place_words",
    "range_texts",
    "said_words",
]
