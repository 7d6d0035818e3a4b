"""How mail is set up from the environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
PRODUCTION = {"RECKONER_ENV": "production", "SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "reckoner.test"}


def settings_with(tmp_path: Path, names: str, **given: str) -> subprocess.CompletedProcess[str]:
    """The settings called `names`, printed by a process with this environment."""
    environment = {"PATH": os.environ["PATH"], "RECKONER_VAR": str(tmp_path), **given}
    script = f"from project import settings as s; print(*(repr(getattr(s, name)) for name in {names.split()!r}))"
    return subprocess.run(
        [sys.executable, "-c", script], cwd=TOP, env=environment, capture_output=True, text=True, check=False
    )


def backend(tmp_path: Path, **given: str) -> str:
    return settings_with(tmp_path, "EMAIL_BACKEND", **given).stdout.strip().strip("'").split(".")[-2]


def test_it_works(tmp_path: Path) -> None:
    url = "submission://user%40news.test:s%3Acret@mail.test"
    names = "EMAIL_HOST EMAIL_PORT EMAIL_HOST_USER EMAIL_HOST_PASSWORD EMAIL_USE_TLS EMAIL_TIMEOUT SITE_URL"
    done = settings_with(tmp_path, names, EMAIL_URL=url, SITE_URL="https://reckoner.test/")
    assert done.stdout.split() == [
        "'mail.test'", "587", "'user@news.test'", "'s:cret'", "True", "20", "'https://reckoner.test'",
    ]  # fmt: skip


def test_without_a_server_development_prints_and_production_sends_nothing(tmp_path: Path) -> None:
    assert (backend(tmp_path), backend(tmp_path, **PRODUCTION)) == ("console", "dummy")
    assert backend(tmp_path, **PRODUCTION, EMAIL_URL="smtp://mail.test") == "smtp"


@pytest.mark.parametrize(
    ("name", "value"), [("EMAIL_URL", "gopher://user:secret@mail.test"), ("SITE_URL", "reckoner.test")]
)
def test_what_cannot_be_is_named_and_no_secret_is_shown(tmp_path: Path, name: str, value: str) -> None:
    done = settings_with(tmp_path, name, **{name: value})
    last = done.stderr.strip().splitlines()[-1]
    assert (done.returncode, name in done.stderr, "give" in last) == (1, True, True)
    assert "secret" not in done.stderr
