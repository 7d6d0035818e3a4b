"""Speed as ratios within one run: each row is measured beside its yardstick, alternately, and medians are compared.

Run by `make bench`. Results depend on the machine; the ratios less so. Tests assert none of them.
"""

import os
import platform
import tempfile

import django
import numpy as np

from . import pure

print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}")
pure.run()
with tempfile.TemporaryDirectory() as folder:
    os.environ.update(RECKONER_VAR=folder, LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="project.settings")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ["EVIDENCE_ALLOW_PRIVATE_HOSTS"] = "127.0.0.1:1"
    django.setup()
    from . import database, desk, files, pages

    database.run()
    files.run()
    desk.run()
    pages.run()
