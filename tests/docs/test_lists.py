"""The pages of docs/ list what there is, and nothing else."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

TOP = Path(__file__).parent.parent.parent
DOCS = TOP / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text()


def test_every_setting_is_listed_and_every_listed_one_exists() -> None:
    named = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (TOP / "project" / "settings.py").read_text()))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", read("settings.md"), re.MULTILINE))
    assert listed == named


def test_every_command_that_the_docs_name_exists() -> None:
    text = "".join(path.read_text() for path in [*DOCS.glob("*.md"), TOP / "README.md"])
    named = set(re.findall(r"manage\.py (\w+)", text))
    assert named <= set(get_commands())
    ours = {name for name, app in get_commands().items() if app == "forecasts"}
    assert ours - {"load_demo", "import_article"} <= named


PAGES = [*sorted(DOCS.glob("*.md")), TOP / "README.md", TOP / "CHANGELOG.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def test_every_package_required_is_explained() -> None:
    files = (TOP / "requirements.txt", TOP / "requirements-semantic.txt")
    required = re.findall(r"^([a-z0-9-]+)", "".join(file.read_text() for file in files), re.MULTILINE)
    decisions = read("decisions.md").lower()
    told = {"django": "django 5.2", "djangorestframework": "drf", "psycopg": "psycopg"}
    for package in required:
        assert told.get(package, package) in decisions, package
