"""Celery settings; the reasons are in docs/decisions.md."""

from datetime import timedelta

from django.conf import settings

broker_url = settings.REDIS_URL or None
broker_connection_retry_on_startup = True
broker_transport_options = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,  # else a lost worker's message waits ten times the timeout
    "socket_connect_timeout": 2,  # else publishing blocks for over a minute when Redis hangs
    "socket_timeout": 10,
    "max_retries": 1,
    "interval_start": 0,  # else a request that nudges a dead broker waits two seconds for the retry
}
task_publish_retry = False
task_acks_late = True
task_reject_on_worker_lost = True  # without it a killed child loses its task
task_ignore_result = True
task_serializer = "json"
accept_content = ["json"]
task_soft_time_limit = 60
task_time_limit = 90
worker_prefetch_multiplier = 1
worker_soft_shutdown_timeout = 10
worker_max_tasks_per_child = 500
worker_max_memory_per_child = 400_000  # KiB
worker_hijack_root_logger = False
task_default_queue = "upkeep"
task_routes = {
    "forecasts.tasks.check_source": {"queue": "fetch"},
    "forecasts.tasks.read_article": {"queue": "fetch"},
    "forecasts.tasks.deliver": {"queue": "fetch"},
    "forecasts.tasks.assess_waiting": {"queue": "assess"},
}
timezone = "UTC"
beat_schedule = {
    "dispatch-due": {
        "task": "forecasts.tasks.dispatch_due",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25},
    },
    "follow-ledger": {
        "task": "forecasts.tasks.follow",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25},
    },
    "dispatch-deliveries": {
        "task": "forecasts.tasks.dispatch_deliveries",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25},
    },
    "pass-deadlines": {
        "task": "forecasts.tasks.pass_deadlines",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 50},
    },
    # Asked every hour, done once a day: the database knows when, and a beat that was restarted does not.
    "upkeep": {
        "task": "forecasts.tasks.upkeep",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3000},
    },
    "export-dataset": {
        "task": "forecasts.tasks.export_dataset",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3000},
    },
    "send-digests": {
        "task": "forecasts.tasks.send_digests",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 500},
    },
    "assess-waiting": {
        "task": "forecasts.tasks.assess_waiting",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 50},
    },
}
