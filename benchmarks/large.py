"""Readers' pages, answers of the API and one resolution with up to 10,000,000 forecasts stored, against an empty page.

python -m tests.servers -- python -m benchmarks.large --forecasts 10000 1000000 10000000
"""

import argparse
import os
import tempfile

import django

parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
parser.add_argument("--forecasts", type=int, nargs="+", default=[10_000, 1_000_000, 10_000_000])
sizes = parser.parse_args().forecasts
with tempfile.TemporaryDirectory() as folder:
    os.environ.update(RECKONER_VAR=folder, LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="project.settings")
    os.environ["API_REQUESTS_PER_MINUTE"] = "1000000000"
    django.setup()
    from . import large_pages

    large_pages.run(sizes)
