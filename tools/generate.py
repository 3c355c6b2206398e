"""Write everything in the tree that follows from declarations; with ``--check``, say what is stale.

A generator is a path and a function. The function returns a file's text, or for a folder the texts of
its files by name; files that it no longer names are removed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import command_line
import management
import portal_types
import reference
import run_life

ROOT = Path(__file__).resolve().parent.parent

Generator = Callable[[], "str | Mapping[str, str]"]

GENERATORS: tuple[tuple[str, Generator], ...] = (
    ("src/deskhand/actions/unbuilt.json", reference.unbuilt_names),
    ("docs/reference/actions", reference.action_pages),
    ("docs/reference/compatibility.md", reference.compatibility_page),
    ("docs/reference/functions.md", reference.functions_page),
    ("docs/reference/settings.md", reference.settings_page),
    ("docs/reference/errors.md", reference.errors_page),
    ("docs/reference/cli.md", command_line.cli_page),
    ("docs/reference/management-api.md", management.management_page),
    ("docs/topics/run-life.md", run_life.run_life_page),
    ("portal/src/api/portal.generated.ts", portal_types.portal_types),
)


def expected_files() -> dict[Path, str | None]:
    """Return what every generated file should hold; None for files that should not be there."""
    expected: dict[Path, str | None] = {}
    for place, generate in GENERATORS:
        made = generate()
        path = ROOT / place
        if isinstance(made, str):
            expected[path] = made
        else:
            expected.update(dict.fromkeys(path.glob("*"), None))
            expected.update({path / name: text for name, text in made.items()})
    return expected


def stale_files(expected: Mapping[Path, str | None]) -> Iterator[Path]:
    """Yield the files that do not hold what they should."""
    for path, text in expected.items():
        present = path.read_text(encoding="utf-8") if path.exists() else None
        if present != text:
            yield path


def write(path: Path, text: str | None) -> None:
    """Bring one file up to date."""
    if text is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> int:
    """Generate, or check; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is stale")
    check = parser.parse_args().check
    expected = expected_files()
    stale = list(stale_files(expected))
    for path in stale:
        print(f"{'stale' if check else 'wrote'}: {path.relative_to(ROOT)}")
        if not check:
            write(path, expected[path])
    if check and stale:
        print("Run ‘python tools/generate.py’ and commit what it writes.")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
