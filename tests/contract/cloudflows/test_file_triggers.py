"""Flows that start when files are added or changed."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deskhand.cloudflows.errors import CloudFlowInvalid
from deskhand.core.settings import Settings
from deskhand.store.database import Database
from tests.clock import StillClock
from tests.contract.cloudflows.watching import Watching

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    path = tmp_path / "inbox"
    path.mkdir()
    return path


@pytest.fixture
def watching(database: Database, clock: StillClock, tmp_path: Path, inbox: Path) -> Watching:
    settings = Settings(watched_folders=str(inbox), http_body_max_bytes=1024)
    return Watching.make(database, clock, tmp_path, settings)


def on_files(operation: str, folder: Path | str, **parameters: Any) -> dict[str, Any]:
    name = "shared_filesystem"
    host = {
        "apiId": f"/providers/Microsoft.PowerApps/apis/{name}",
        "connectionName": name,
        "operationId": operation,
    }
    return {
        "type": "OpenApiConnection",
        "inputs": {"host": host, "parameters": {"folderId": str(folder), **parameters}},
        "recurrence": {"frequency": "Minute", "interval": 1},
    }


def write(path: Path, content: str | bytes, seconds: int = 0) -> None:
    """Write a file as if it were so many seconds after the beginning."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    moment = BEGIN.timestamp() + seconds
    os.utime(path, (moment, moment))


def pass_minutes(watching: Watching, minutes: int) -> None:
    watching.until(watching.clock.now() + timedelta(minutes=minutes))


def test_a_new_file_starts_a_run_with_its_content(watching: Watching, inbox: Path) -> None:
    write(inbox / "old.txt", "old", -60)
    flow = watching.flow(on_files("OnNewFile", inbox))
    watching.look()
    write(inbox / "a.json", '{"number": 7}', 10)
    write(inbox / "b.pdf", b"\x00\x01", 11)
    pass_minutes(watching, 3)

    outputs = [one["outputs"] for one in watching.runs(flow)]
    path = f"{inbox}/a.json"
    (first,) = (one for one in outputs if one["headers"]["x-ms-file-name"] == "a.json")
    assert first == {
        "headers": {
            "x-ms-file-name": "a.json",
            "x-ms-file-name-encoded": base64.b64encode(b"a.json").decode(),
            "x-ms-file-path": path,
            "x-ms-file-path-encoded": base64.b64encode(path.encode()).decode(),
            "x-ms-file-id": path,
            "x-ms-file-etag": first["headers"]["x-ms-file-etag"],
            "x-ms-file-size": "13",
            "x-ms-file-last-modified": "2026-03-01T08:00:10Z",
            "Content-Type": "application/json",
        },
        "body": {"number": 7},
    }
    (second,) = (one for one in outputs if one is not first)
    assert second["body"] == {"$content-type": "application/pdf", "$content": "AAE="}


def test_a_file_that_is_still_written_is_left_alone(watching: Watching, inbox: Path) -> None:
    flow = watching.flow(on_files("OnNewFile", inbox))
    watching.look()
    write(inbox / "a.txt", "1", 50)
    watching.until(BEGIN + timedelta(seconds=60))
    for size in range(2, 5):
        write(inbox / "a.txt", "1" * size, 58 + size)
        watching.until(watching.clock.now() + timedelta(seconds=5))
    assert watching.runs(flow) == []

    watching.until(watching.clock.now() + timedelta(seconds=5))
    assert watching.bodies(flow) == ["1111"]


def test_changes_count_where_the_trigger_says_so(watching: Watching, inbox: Path) -> None:
    write(inbox / "a.txt", "1", -60)
    new = watching.flow(on_files("OnNewFile", inbox))
    updated = watching.flow(on_files("OnUpdatedFile", inbox))
    watching.look()
    write(inbox / "a.txt", "2", 10)
    pass_minutes(watching, 3)

    assert (watching.bodies(new), watching.bodies(updated)) == ([], ["2"])


def test_properties_come_as_a_list_that_can_be_split(watching: Watching, inbox: Path) -> None:
    whole = watching.flow(on_files("OnNewFiles", inbox, maxFileCount=2))
    split = watching.flow({**on_files("OnNewFiles", inbox), "splitOn": "@triggerBody()"})
    watching.look()
    for number, name in enumerate(("a.txt", "b.txt", "c.txt")):
        write(inbox / name, name, number)
    pass_minutes(watching, 3)

    lists = watching.bodies(whole)
    assert sorted([file["Name"] for file in files] for files in lists) == [["a.txt", "b.txt"], ["c.txt"]]
    assert sorted(one["Name"] for one in watching.bodies(split)) == ["a.txt", "b.txt", "c.txt"]
    first = min((one for files in lists for one in files), key=lambda one: str(one["Name"]))
    assert first == {
        "Id": f"{inbox}/a.txt",
        "Name": "a.txt",
        "DisplayName": "a.txt",
        "Path": f"{inbox}/a.txt",
        "LastModified": "2026-03-01T08:00:00Z",
        "Size": 5,
        "MediaType": "text/plain",
        "IsFolder": False,
        "ETag": first["ETag"],
        "FileLocator": f"{inbox}/a.txt",
    }


def test_many_files_start_runs_a_few_at_a_time_and_each_once(watching: Watching, inbox: Path) -> None:
    flow = watching.flow(on_files("OnNewFile", inbox))
    watching.look()
    for number in range(25):
        write(inbox / f"{number}.txt", f"{number:100}", number)
    pass_minutes(watching, 3)

    assert sorted(int(one) for one in watching.bodies(flow)) == list(range(25))


def test_a_file_that_is_too_large_comes_without_its_content(watching: Watching, inbox: Path) -> None:
    flow = watching.flow(on_files("OnNewFile", inbox))
    watching.look()
    write(inbox / "a.txt", "1" * 1025)
    pass_minutes(watching, 3)

    (run,) = watching.runs(flow)
    assert (run["outputs"]["headers"]["x-ms-file-size"], "body" in run["outputs"]) == ("1025", False)


def test_a_restart_misses_nothing_and_repeats_nothing(watching: Watching, inbox: Path) -> None:
    flow = watching.flow(on_files("OnNewFile", inbox))
    watching.look()
    write(inbox / "a.txt", "a")
    pass_minutes(watching, 2)
    write(inbox / "b.txt", "b")
    watching.restart()
    pass_minutes(watching, 2)

    assert sorted(watching.bodies(flow)) == ["a", "b"]


def test_a_folder_that_is_not_allowed_fails_and_is_seen(watching: Watching, tmp_path: Path) -> None:
    flow = watching.flow(on_files("OnNewFile", tmp_path))
    watching.look()

    assert watching.histories(flow) == [("Failed", "Forbidden")]


def test_a_folder_that_is_missing_is_looked_for_again(watching: Watching, inbox: Path) -> None:
    flow = watching.flow(on_files("OnNewFile", inbox / "later"))
    watching.look()
    assert watching.histories(flow) == [("Failed", "NotFound")]

    (inbox / "later").mkdir()
    pass_minutes(watching, 2)
    assert watching.triggers()[0]["status"] == "Succeeded"


def test_a_trigger_needs_a_folder(watching: Watching) -> None:
    for folder, why in (("", "'Folder' of '.+' is required"), ("@null", "must be the path of a folder")):
        flow = watching.flow(on_files("OnNewFile", folder), on=False)
        with pytest.raises(CloudFlowInvalid, match=why):
            watching.on(flow)
