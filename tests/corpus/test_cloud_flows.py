"""Every cloud flow of the corpus is imported and exported without a change, and its expressions are read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from deskhand.core.errors import DeskhandError
from deskhand.identity.accounts import ensure_organization
from deskhand.server.exporting import export_flow
from deskhand.server.importing import import_flows
from deskhand.server.installation import Installation
from deskhand.server.reading import Checked
from deskhand.solutions.content import CloudFlow, Content
from deskhand.solutions.documents import encode_document
from deskhand.solutions.source import read_source
from deskhand.store.database import Database
from deskhand.wdl.containers import Container, export_container, read_container
from deskhand.wdl.definition import DefinitionUnreadable
from deskhand.wdl.errors import ExpressionError
from deskhand.wdl.printer import print_template
from deskhand.wdl.references import strings_of, trees_of
from deskhand.wdl.templates import parse_template
from deskhand.wdl.validation import validate

OWN = Path(__file__).parent / "cloud_flows"


def flows() -> Iterator[tuple[str, CloudFlow]]:
    """Yield each cloud flow by where it stands: our own, then those of the named folder."""
    yield from _below(OWN, OWN)
    folder = os.environ.get("DESKHAND_CORPUS")
    if folder:
        root = Path(folder).expanduser()
        yield from _below(root, root)


def _below(folder: Path, root: Path) -> Iterator[tuple[str, CloudFlow]]:
    """Yield what files and folders hold; a folder that is one export counts as such and file by file."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not (path.is_dir() or path.suffix.casefold() in (".json", ".zip")):
            continue
        try:
            found = read_source(path).cloud_flows
        except DeskhandError:
            found = ()
        for flow in found:
            if _holds_definition(flow):
                yield f"{path.relative_to(root)}: {flow.name}", flow
        if path.is_dir():
            yield from _below(path, root)


def _holds_definition(flow: CloudFlow) -> bool:
    """Tell a definition from the many other JSON files of a repository."""
    try:
        read_container(flow.client_data, flow.beside)
    except DefinitionUnreadable:
        return False
    return True


FLOWS = [pytest.param(flow, id=name) for name, flow in flows()]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with Installation.open(tmp_path_factory.mktemp("corpus") / "data", create=True) as installation:
        yield installation.database


@pytest.fixture(scope="module")
def by(database: Database) -> UUID:
    return database.write(ensure_organization).administrator_id


@pytest.mark.parametrize("flow", FLOWS)
def test_a_cloud_flow_goes_out_as_it_came_in(flow: CloudFlow, database: Database, by: UUID) -> None:
    content = Checked(Content("corpus", cloud_flows=(flow,)), ())
    report = database.write(lambda tx: import_flows(tx, content, by=by))
    exported = database.read(lambda tx: export_flow(tx, report.flows[0].workflow_id))

    assert exported == encode_document(flow.client_data, flow.encoding)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_changed_definition_leaves_the_document_around_it(flow: CloudFlow) -> None:
    container = read_container(flow.client_data)
    changed = {**container.definition.source, "description": "changed"}
    exported = json.loads(export_container(container, changed))

    assert json.loads(export_container(container)) == container.document
    assert _taken_back(exported, container) == container.document


def _taken_back(exported: object, container: Container) -> object:
    """Return a changed document with its first definition again."""
    again = read_container(json.dumps(exported))
    return json.loads(export_container(again, container.definition.source))


@pytest.mark.parametrize("flow", FLOWS)
def test_expressions_survive_printing(flow: CloudFlow) -> None:
    definition = read_container(flow.client_data).definition
    unread = 0
    for text in strings_of(definition.source):
        try:
            template = parse_template(text)
        except ExpressionError:
            unread += 1
            continue
        printed = print_template(template)
        again = parse_template(printed)
        assert list(trees_of(again)) == list(trees_of(template))
        assert print_template(again) == printed
    # Published flows may be broken; the service says so when they are saved, and so does validation.
    assert not unread or any("is not valid" in one.message for one in validate(definition) if one.fatal)
