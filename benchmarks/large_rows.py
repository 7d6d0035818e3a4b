"""Rows of `benchmarks.large`, made by PostgreSQL: predictions of every state, fifty forecasts on each, and scores.

What the pages show of three forecasters, a topic and everybody follows from scores of these three alone; the other
thousand forecasters are there to be passed by.
"""

from django.db import connection, transaction
from django.utils import timezone

from forecasts.models import Prediction

EACH = 50  # forecasts of a prediction
PEOPLE = 1000
PERSON = """INSERT INTO forecasts_forecaster (slug, name, kind, is_bot, url, bio, reply)
    SELECT 'large-' || name, 'Large ' || name, 'desk', false, '', '', '' FROM (
        VALUES ('one'), ('few'), ('same') UNION ALL
        SELECT n::text FROM generate_series(0, %(people)s - 1) n) names (name)"""
TOPIC = "INSERT INTO forecasts_topic (slug, name, description) VALUES ('large', 'Large', '')"
# Of a hundred predictions one is void, one overdue, seven open, one resolved early, and ninety resolved and due.
PREDICTION = """INSERT INTO forecasts_prediction (slug, statement, kind, status, criteria, fine_print,
        resolution_source, options, options_ordered, open_below, open_above, log_scale, opens_at, closes_at,
        resolves_by, resolves_by_precision, resolves_by_wording, resolves_by_rule, cannot_resolve_early,
        original_opens_at, original_closes_at, original_resolves_by, clock_opens_at, clock_closes_at, latest_deadline,
        due_at, quote, rationale, suggested_basis, suggested_wording, suggested_wording_table, suggested_rule,
        lint_override_reason, logged_at, published_at, scored_topics)
    SELECT 'large-' || n, 'The ministry will publish number ' || n || ' by then.', 'binary', 'open',
        'Yes if it is published.', '', 'The gazette', '[]', false, false, false, false, opens, deadline, deadline,
        'day', '', '', true, opens, deadline, deadline, opens, deadline, deadline,
        CASE WHEN deadline < %(now)s THEN deadline END, '', '', '', '', '', '', '', opens, opens, '[]'
    FROM generate_series(%(first)s, %(last)s - 1) n,
    LATERAL (SELECT %(now)s + CASE
        WHEN n %% 100 = 1 THEN -(n %% 60 + 1) WHEN n %% 100 BETWEEN 2 AND 9 THEN n::bigint * 7919 %% 700 + 1
        ELSE -(n::bigint * 7919 %% 1800) - 2 END * interval '1 day') d (deadline),
    LATERAL (SELECT least(deadline, %(now)s) - interval '100 days') o (opens)"""
ON_TOPIC = """INSERT INTO forecasts_prediction_topics (prediction_id, topic_id)
    SELECT p.id, t.id FROM forecasts_prediction p, forecasts_topic t
    WHERE p.id > %(before)s AND p.id %% 3 = 0 AND t.slug = 'large'"""
RESOLUTION = """INSERT INTO forecasts_resolution (prediction_id, outcome, void_reason, known_at, resolved_at,
        proposed_by_rule, note, evidence_exception)
    SELECT id, CASE WHEN n %% 100 = 0 THEN '' WHEN n %% 10 < 6 THEN 'yes' ELSE 'no' END,
        CASE WHEN n %% 100 = 0 THEN 'premise_failed' ELSE '' END, known, known, 'import', '', 'a benchmark'
    FROM forecasts_prediction, LATERAL (SELECT substr(slug, 7)::int) s (n),
    LATERAL (SELECT least(resolves_by, %(now)s) - (n %% 40) * interval '1 hour') k (known)
    WHERE id > %(before)s AND n %% 100 NOT BETWEEN 1 AND 8"""
CORRECTION = """INSERT INTO forecasts_resolution (prediction_id, outcome, void_reason, known_at, resolved_at,
        proposed_by_rule, note, evidence_exception, supersedes_id)
    SELECT prediction_id, outcome, void_reason, known_at, resolved_at + interval '1 hour', '', 'misread', '', id
    FROM forecasts_resolution WHERE prediction_id > %(before)s AND prediction_id %% 1000 = 10"""
SETTLED = """UPDATE forecasts_prediction p SET current_resolution_id = r.id, known_at = r.known_at,
        corrected_at = CASE WHEN r.supersedes_id IS NOT NULL THEN r.resolved_at END,
        status = CASE WHEN r.void_reason = '' THEN 'resolved' ELSE 'void' END
    FROM (SELECT DISTINCT ON (prediction_id) * FROM forecasts_resolution WHERE prediction_id > %(before)s
        ORDER BY prediction_id, id DESC) r WHERE p.id = r.prediction_id"""
FORECAST = """INSERT INTO forecasts_forecast (prediction_id, forecaster_id, issued_at, recorded_at, stands_from, tick,
        basis, wording, wording_table, quote, provenance, rationale)
    SELECT p.id, w.id, t, t, t, ((n::bigint * 7919 + j * 104729) %% 101)::int * 100, 'stated', '', '', '', 'live', ''
    FROM forecasts_prediction p, LATERAL (SELECT substr(slug, 7)::int) s (n), generate_series(0, %(each)s - 1) j,
    LATERAL (SELECT CASE WHEN j = 0 AND n %% 2 = 0 THEN 'one' WHEN j = 0 AND n %% 200 = 1 OR j = 1 AND n %% 200 = 10
        THEN 'few' WHEN j = 2 AND n < 200 THEN 'same' ELSE ((n::bigint * 31 + j * 7) %% %(people)s)::text END) k (name)
    JOIN forecasts_forecaster w ON w.slug = 'large-' || k.name,
    LATERAL (SELECT p.opens_at + j * interval '1 hour') m (t) WHERE p.id > %(before)s"""
BRIER = "(f.tick - 10000 * (r.outcome = 'yes')::int)::bigint ^ 2"
OF_THREE = """FROM forecasts_forecast f JOIN forecasts_prediction p ON p.id = f.prediction_id
    JOIN forecasts_resolution r ON r.id = p.current_resolution_id CROSS JOIN (VALUES ('live'), ('all')) tracks (track)
    JOIN forecasts_forecaster w ON w.id = f.forecaster_id
    WHERE w.slug IN ('large-one', 'large-few', 'large-same') AND p.status = 'resolved' AND p.id > %(before)s"""
COHORT = "CASE WHEN p.due_at IS NULL THEN 'early' ELSE 'due' END"
SCORE = f"""INSERT INTO forecasts_score (prediction_id, forecaster_id, resolution_id, track, counting, basis, cohort,
        tick, happened, weight, brier_sum, log_sum, baseline, coverage, engine)
    SELECT p.id, f.forecaster_id, r.id, track, 'first', 'stated', {COHORT}, f.tick, r.outcome = 'yes', 1, {BRIER},
        700000000, 0, 1000000, '1' {OF_THREE}"""
FACT = f"""INSERT INTO forecasts_factrow (prediction_id, resolution_id, forecaster_id, counting, lead_band, kind,
        cohort, track, basis, month, tick, n, weight, weight_yes)
    SELECT p.id, r.id, f.forecaster_id, 'first', '90_365d', 'binary', {COHORT}, track, 'stated',
        date_trunc('month', p.latest_deadline)::date, f.tick, 1, 1, (r.outcome = 'yes')::int {OF_THREE}"""
SCORED_TOPICS = """UPDATE forecasts_prediction p SET scored_topics = jsonb_build_array(t.topic_id)
    FROM forecasts_prediction_topics t WHERE t.prediction_id = p.id AND p.status = 'resolved' AND p.id > %(before)s"""
ONCE = (PERSON, TOPIC)
GROWS = (PREDICTION, ON_TOPIC, RESOLUTION, CORRECTION, SETTLED, SCORED_TOPICS, FORECAST, SCORE, FACT)


def begin() -> None:
    execute(*ONCE, people=PEOPLE)


def grow(stored: int, size: int) -> None:
    """Foreign keys are ours to keep, and looking after each would take as long as all else."""
    last = Prediction.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    given = {"before": last, "first": stored // EACH, "last": size // EACH, "now": timezone.now()}
    with transaction.atomic():
        execute("SET LOCAL session_replication_role = replica")
        execute(*GROWS, **given, people=PEOPLE, each=EACH)


def execute(*statements: str, **given: object) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, given or None)
