"""The direction of imports, held by import-linter, and what the read views never reach."""

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp

TOP = Path(__file__).resolve().parents[2]
CONTRACTS = {
    "Imports go one way",
    "Scoring, language and charts are pure",
    "Evidence gathers, never decides",
    "The app does not know the project",
    "Read views write nothing",
}
WRITERS = ("forecasts.actions", "forecasts.jobs", "forecasts.tasks", "forecasts.ledger.append")
READERS = ("forecasts.web", "forecasts.api.v1")
WRITE_VIEWS = ("forecasts.api.v1.writes", "forecasts.api.v1.urls")


def test_it_works() -> None:
    settings = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert {contract["name"] for contract in settings["contracts"]} == CONTRACTS
    # In a process of its own: the linter configures logging anew and would silence the loggers of other tests.
    command = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", command], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_read_views_reach_no_writer_by_any_way() -> None:
    graph = grimp.build_graph("forecasts", cache_dir=None)
    readers = {module for root in READERS for module in (root, *graph.find_descendants(root))}
    readers = {module for module in readers if not module.startswith(WRITE_VIEWS)}
    assert len(readers) > len(READERS)
    for reader in readers:
        chains = [graph.find_shortest_chain(importer=reader, imported=writer) for writer in WRITERS]
        assert not any(chains), next(chain for chain in chains if chain)
