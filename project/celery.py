"""The Celery application. The database is the truth; every message here is only a doorbell."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

app = Celery("reckoner")
app.config_from_object("project.celeryconfig")
app.autodiscover_tasks(["forecasts"])
