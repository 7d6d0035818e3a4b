"""The verbs: the only code that writes."""

from .amend_prediction import amend_prediction
from .api_keys import NewKey, make_api_key, note_key_use, revoke_api_key
from .apply_import import Applied, apply_import, may_settle
from .assess_finding import copy_assessment, fail_call, reserve_call, settle_call
from .base import action, running_action
from .cells import rebuild_cells
from .change_rights import record_rights
from .check_source import Outcome, check_now, claim_source, keep_robots, record_check, release_source
from .count_words import count_words
from .decide_proposal import accept_proposal, reject_proposal
from .deliver_event import (
    Sent,
    claim_delivery,
    drop_deliveries,
    queue_event,
    queue_test,
    record_delivery,
    release_webhook,
    replay_delivery,
    replay_events,
)
from .find_evidence import Seen, add_finding, review_finding
from .fit_threshold import fit_threshold
from .follow_ledger import advance_cursor, note_engine, note_failure
from .follow_link import Followed, claim_link, record_link, release_link
from .handle_dispute import close_dispute, open_dispute
from .import_plan import Plan, PlannedRow, RowKind, RowState
from .import_planner import plan_import
from .imported import Block, Import, ImportedForecast, ImportedForecaster, ImportedPrediction, RefusedRow
from .issue_forecast import Citation, issue_forecast
from .keep_answer import begin_answer, drop_answer, end_answer
from .keep_import_file import keep_import_file
from .log_prediction import log_prediction
from .made import rebuild_made
from .merge_forecasters import merge_forecasters
from .open_prediction import open_prediction
from .pass_time import close_prediction, mark_due
from .propose_resolution import propose_resolution
from .record_article import NewMilestone, amend_article, record_article
from .record_forecasts import Recorded, record_forecasts
from .refresh_calibration import keep_filter, refresh_calibration
from .resolve_prediction import correct_resolution, resolve_prediction, void_prediction
from .save_filter import forget_filter, save_filter
from .save_reference import save_reference
from .save_source import save_source, save_watch, terms_of
from .save_webhook import rotate_secret, save_webhook
from .score_predictions import score_predictions
from .settling import Result, copy_resolutions
from .snapshots import drop_snapshots, note_verified
from .take_lease import take_lease
from .unsettled import forget_unsettled, sum_unsettled
from .visit_host import begin_reading, begin_trial, end_visit
from .withdraw_forecast import withdraw_forecast

__all__ = [
    "Applied",
    "Block",
    "Citation",
    "Followed",
    "Import",
    "ImportedForecast",
    "ImportedForecaster",
    "ImportedPrediction",
    "NewKey",
    "NewMilestone",
    "Outcome",
    "Plan",
    "PlannedRow",
    "Recorded",
    "RefusedRow",
    "Result",
    "RowKind",
    "RowState",
    "Seen",
    "Sent",
    "accept_proposal",
    "action",
    "add_finding",
    "advance_cursor",
    "amend_article",
    "amend_prediction",
    "apply_import",
    "begin_answer",
    "begin_reading",
    "begin_trial",
    "check_now",
    "claim_delivery",
    "claim_link",
    "claim_source",
    "close_dispute",
    "close_prediction",
    "copy_assessment",
    "copy_resolutions",
    "correct_resolution",
    "count_words",
    "drop_answer",
    "drop_deliveries",
    "drop_snapshots",
    "end_answer",
    "end_visit",
    "fail_call",
    "fit_threshold",
    "forget_filter",
    "forget_unsettled",
    "issue_forecast",
    "keep_filter",
    "keep_import_file",
    "keep_robots",
    "log_prediction",
    "make_api_key",
    "mark_due",
    "may_settle",
    "merge_forecasters",
    "note_engine",
    "note_failure",
    "note_key_use",
    "note_verified",
    "open_dispute",
    "open_prediction",
    "plan_import",
    "propose_resolution",
    "queue_event",
    "queue_test",
    "rebuild_cells",
    "rebuild_made",
    "record_article",
    "record_check",
    "record_delivery",
    "record_forecasts",
    "record_link",
    "record_rights",
    "refresh_calibration",
    "reject_proposal",
    "release_link",
    "release_source",
    "release_webhook",
    "replay_delivery",
    "replay_events",
    "reserve_call",
    "resolve_prediction",
    "review_finding",
    "revoke_api_key",
    "rotate_secret",
    "running_action",
    "save_filter",
    "save_reference",
    "save_source",
    "save_watch",
    "save_webhook",
    "score_predictions",
    "settle_call",
    "sum_unsettled",
    "take_lease",
    "terms_of",
    "void_prediction",
    "withdraw_forecast",
]
