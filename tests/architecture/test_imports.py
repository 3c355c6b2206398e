"""The import contract, and what the light rooms may load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HEAVY = {
    "alembic",
    "argon2",
    "cryptography",
    "defusedxml",
    "joserfc",
    "psycopg",
    "sqlalchemy",
    "starlette",
    "uvicorn",
}


def modules_loaded_by(statement: str) -> set[str]:
    listing = subprocess.run(
        [sys.executable, "-c", f"import sys\n{statement}\nprint(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return {name.partition(".")[0] for name in listing.split()}


def test_the_import_contract_holds() -> None:
    verdict = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "import deskhand.cli",
        "from deskhand.actions.library import standard_library; standard_library()",
        "import deskhand.robin.runtime",
        "import deskhand.agent.flow_process",
    ],
)
def test_light_rooms_load_nothing_heavy(statement: str) -> None:
    assert modules_loaded_by(statement) & HEAVY == set()
