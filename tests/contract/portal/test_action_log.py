"""The action log of a run as its page reads it: closed loops, filters, usual times."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from deskhand.protocol.messages import ActionRow, ActionsLogged, ActionStatus, Finished, RunOrder, RunResult
from tests.contract.portal.pages import Pages
from tests.web_server import LiveServer, Machine

BEGAN = "2026-03-01T08:00:00.000000Z"
OK, HANDLED, FAILED = ActionStatus.SUCCEEDED, ActionStatus.HANDLED, ActionStatus.FAILED


@pytest.fixture
def pages(server: LiveServer) -> Pages:
    return Pages(server, server.api_token())


def row(index: int, kind: str, line: int, action: str, **more: Any) -> ActionRow:
    values: dict[str, Any] = {"subflow": "Main", "summary": "", "status": OK, "duration_ms": 1.0, **more}
    return ActionRow(index=index, kind=kind, line=line, action=action, started_at=BEGAN, **values)


OPEN_LOOP = (
    row(0, "action", 1, "SET"),
    row(1, "loop", 2, "LOOP FOREACH"),
    row(2, "action", 3, "File.Delete", depth=1),
    row(3, "loop", 4, "LOOP", depth=1),
    row(4, "action", 5, "File.Copy", depth=2, subflow="Copy"),
    row(5, "loopEnd", 4, "LOOP", depth=1, loop_index=3, rounds=1, failed_rounds=0, duration_ms=7.0),
    row(6, "action", 3, "File.Delete", depth=1, status=HANDLED, error="locked"),
    row(7, "log", 6, "Logging.LogMessage", depth=1, level="Warning", summary="odd"),
)
REST = (
    row(8, "loopEnd", 2, "LOOP FOREACH", loop_index=1, rounds=2, failed_rounds=1, duration_ms=42.0),
    row(9, "action", 7, "SET", status=FAILED, error="no"),
)


class Run:
    """A run whose machine is this test."""

    def __init__(self, server: LiveServer, pages: Pages, machine: Machine, flow: UUID) -> None:
        self.server, self.pages, self.machine = server, pages, machine
        body = {"connection": machine.connection}
        self.id = str(pages.post(f"/desktopflows/{flow}/run", body)["runId"])
        self.order: RunOrder = server.begin(machine)

    def log(self, *rows: ActionRow) -> None:
        self.server.report(self.machine, ActionsLogged(self.order.run_id, self.order.fencing_token, rows))

    def end(self) -> None:
        run = self.order
        self.server.report(self.machine, Finished(run.run_id, run.fencing_token, RunResult.SUCCEEDED, {}))

    def read(self, query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.pages.get(f"/desktopruns/{self.id}/actions?{query}")["items"]
        return found

    def indexes(self, query: str) -> list[int]:
        return [one["index"] for one in self.read(query)]


def test_a_loop_is_one_row_with_what_became_of_its_rounds(server: LiveServer, pages: Pages) -> None:
    run = Run(server, pages, server.machine("loops"), server.flow("loops"))
    run.log(*OPEN_LOOP)
    goes_on = run.read("closed=true")[1]["loop"]
    run.log(*REST)
    closed = run.read("closed=true")
    run.end()

    assert goes_on == {
        "ended": False,
        "rounds": None,
        "failed": 1,
        "durationMs": None,
        "last": None,
        "isLeft": False,
    }
    assert [(one["index"], one["kind"]) for one in closed] == [(0, "action"), (1, "loop"), (9, "action")]
    assert closed[1]["loop"] == {
        "ended": True,
        "rounds": 2,
        "failed": 1,
        "durationMs": 42.0,
        "last": 8,
        "isLeft": False,
    }
    assert run.indexes("loop=1") == [2, 3, 6, 7]
    assert run.indexes("loop=3") == [4]
    assert run.indexes("loop=1&after=3&limit=1") == [6]
    assert run.indexes("") == list(range(10))
    refused = pages.ask("GET", f"/desktopruns/{run.id}/actions?loop=77")
    assert (refused.status, refused.error["message"]) == (
        400,
        "‘loop’ is 77; no loop of this run's log begins there.",
    )


def loop_in_rounds() -> Iterator[ActionRow]:
    """Yield a loop whose error in round 4, in round 2 of the loop inside, ends the run."""
    index = count()
    yield row(next(index), "loop", 1, "LOOP")
    for one in range(1, 5):
        if one == 3:
            continue  # nothing is logged in this round
        yield row(next(index), "action", 2, "File.Copy", depth=1, in_rounds=(one,))
        inner = next(index)
        yield row(inner, "loop", 3, "LOOP WHILE", depth=1, in_rounds=(one,))
        for two in (1, 2):
            status = HANDLED if (one, two) == (2, 1) else OK
            yield row(next(index), "action", 4, "SET", depth=2, in_rounds=(one, two), status=status)
        left = {"status": FAILED} if one == 4 else {}
        ends = {"loop_index": inner, "rounds": 2, "failed_rounds": 0, **left}
        yield row(next(index), "loopEnd", 3, "LOOP WHILE", depth=1, in_rounds=(one,), **ends)
    yield row(next(index), "loopEnd", 1, "LOOP", loop_index=0, rounds=4, failed_rounds=2, status=FAILED)
    yield row(next(index), "action", 5, "File.Move", depth=2, in_rounds=(4, 2), status=FAILED, error="no")


def test_a_loop_is_read_round_by_round(server: LiveServer, pages: Pages) -> None:
    run = Run(server, pages, server.machine("rounds"), server.flow("rounds"))
    run.log(*loop_in_rounds())
    run.log(row(18, "action", 6, "SET"))
    run.end()

    def rounds(query: str) -> tuple[list[dict[str, Any]], int | None]:
        page = pages.get(f"/desktopruns/{run.id}/actions/rounds?{query}")
        return page["items"], page["first"]

    def numbers(query: str) -> tuple[list[int], int | None]:
        items, first = rounds(query)
        return [one["number"] for one in items], first

    def of(index: int, number: int, **more: int) -> dict[str, Any]:
        return {
            "index": index,
            "number": number,
            "startedAt": BEGAN,
            "rows": 2,
            "loops": 1,
            "failed": 0,
            **more,
        }

    whole = [of(1, 1), of(6, 2, failed=1), of(11, 4, failed=1)]
    assert rounds("loop=0") == (whole, None)
    assert rounds("loop=0&before=2147483647") == (whole, None)
    assert rounds("loop=0&limit=1") == ([of(1, 1)], 6)
    assert rounds("loop=0&limit=2") == (whole[:2], 11)
    assert rounds("loop=0&before=2147483647&limit=2") == (whole[1:], 1)
    assert rounds("loop=0&before=6") == ([of(1, 1)], None)
    assert rounds("loop=0&after=6") == ([of(11, 4, failed=1)], None)
    assert rounds("loop=0&after=5") == (whole[1:], None)
    assert rounds("loop=0&failed=true") == (whole[1:], None)
    assert rounds("loop=0&failed=true&before=2147483647&limit=1") == ([of(11, 4, failed=1)], 6)
    assert rounds("loop=0&failed=true&limit=1") == ([of(6, 2, failed=1)], 11)
    assert rounds("loop=0&failed=true&after=6") == ([of(11, 4, failed=1)], None)
    assert numbers("loop=12") == ([1, 2], None)
    assert rounds("loop=12&failed=true") == ([of(14, 2, loops=0, failed=1)], None)
    assert pages.ask("GET", f"/desktopruns/{run.id}/actions/rounds?loop=0&limit=1001").status == 400

    assert run.indexes("closed=true") == [0, 18]
    assert run.read("closed=true")[0]["loop"]["isLeft"] is True
    assert run.indexes("loop=0&inRound=2") == [6, 7]
    assert run.indexes("loop=12&inRound=2") == [14, 17]
    assert run.indexes("loop=0&inRound=3") == []
    assert run.read("problems=true")[-1]["inRounds"] == [4, 2]


def test_a_loop_without_rounds_is_one_of_unknown_number(server: LiveServer, pages: Pages) -> None:
    run = Run(server, pages, server.machine("old-rounds"), server.flow("old-rounds"))
    run.log(*OPEN_LOOP)
    run.end()

    for query in ("loop=1", "loop=1&failed=true"):
        (one,) = pages.get(f"/desktopruns/{run.id}/actions/rounds?{query}")["items"]
        assert (one["index"], one["number"], one["rows"], one["failed"]) == (2, 0, 4, 1)
    assert run.indexes("loop=1&inRound=0") == [2, 3, 6, 7]


def test_a_log_is_filtered_by_what_its_rows_are(server: LiveServer, pages: Pages) -> None:
    run = Run(server, pages, server.machine("filtered"), server.flow("filtered"))
    run.log(*OPEN_LOOP, *REST)
    run.end()

    assert run.indexes("problems=true") == [6, 7, 9]
    assert run.indexes("subflow=Copy") == [4]
    assert run.indexes("action=File.Delete,File.Copy") == [2, 4, 6]
    assert run.indexes("status=Failed,Handled") == [6, 9]
    assert run.indexes("level=Warning") == [7]
    assert run.indexes("action=SET&status=Failed&before=100") == [9]
    found = pages.get(f"/desktopruns/{run.id}/actions/filters")
    assert found["subflows"] == [{"value": "Copy", "count": 1}, {"value": "Main", "count": 7}]
    assert {one["value"]: one["count"] for one in found["statuses"]} == {
        "Failed": 1,
        "Handled": 1,
        "Succeeded": 3,
    }
    assert found["levels"] == [{"value": "Warning", "count": 1}]
    assert {"value": "File.Delete", "count": 2} in found["actions"]


def test_a_text_is_sought_in_actions_summaries_and_errors(server: LiveServer, pages: Pages) -> None:
    run = Run(server, pages, server.machine("sought"), server.flow("sought"))
    run.log(
        row(0, "action", 1, "File.Copy", summary="Copy ‘Übersicht 50%.xlsx’"),
        row(1, "loop", 2, "LOOP", summary="Loop copies"),
        row(2, "action", 3, "SET", depth=1, summary='Path = "C:\\new"'),
        row(3, "action", 4, "File.Delete", depth=1, status=FAILED, error="Cannot COPY 500 rows"),
        row(4, "loopEnd", 2, "LOOP", loop_index=1, rounds=1, failed_rounds=1, summary="Loop copies"),
    )
    run.end()

    def found(text: str, more: str = "") -> tuple[list[int], int]:
        page = pages.get(f"/desktopruns/{run.id}/actions?search={quote(text)}{more}")
        return [one["index"] for one in page["items"]], page["found"]["matches"]

    assert found("copy") == ([0, 3], 2)
    assert found("ÜBERSICHT") == ([0], 1)
    assert found("50%") == ([0], 1)
    assert found("c:\\new") == ([2], 1)
    assert found("›") == ([], 0)
    assert found("copy", "&after=0&limit=1") == ([3], 2)
    assert found("copy", "&before=3&limit=1") == ([0], 2)
    assert found("copy", "&problems=true") == ([3], 1)
    assert found("loop") == ([1], 1)
    whole = f"/desktopruns/{run.id}/actions"
    assert pages.get(f"{whole}?search=copy")["found"] == {"matches": 2, "of": 4}
    assert pages.get(whole)["found"] is None


def test_a_message_that_is_sought_is_found_once(server: LiveServer, pages: Pages) -> None:
    run = Run(server, pages, server.machine("told-twice"), server.flow("told-twice"))
    message = {"action": "Logging.LogMessage", "summary": "Row 1"}
    run.log(
        row(0, "log", 1, level="Info", **message),
        row(1, "action", 1, **message),
        row(2, "log", 1, level="Warning", **message),
        row(3, "action", 1, **message),
        row(4, "action", 2, "SET", summary="Row 1"),
        row(5, "log", 3, "Logging.LogMessage", level="Info", summary="Row 1"),
        row(6, "action", 4, "SET", summary="Row 1"),
        row(7, "log", 5, "Logging.LogMessage", level="Info", summary="Total"),
        row(8, "action", 5, "Logging.LogMessage", summary="Log Total, not Row 1"),
    )
    run.end()

    once = [0, 2, 4, 5, 6, 8]
    assert run.indexes("search=row") == once
    assert run.indexes("search=row&before=100") == once
    assert run.indexes("search=row&before=100&limit=2") == [6, 8]
    assert run.indexes("search=row&after=1&limit=1") == [2]
    assert run.indexes("search=row&status=Succeeded") == [1, 3, 4, 6, 8]
    assert run.indexes("search=log") == [0, 2, 5, 7]
    assert pages.get(f"/desktopruns/{run.id}/actions?search=row")["found"] == {"matches": 6, "of": 9}


def test_the_usual_time_of_an_action_is_the_median_of_the_runs_before(
    server: LiveServer, pages: Pages
) -> None:
    machine, flow = server.machine("usual"), server.flow("usual")
    for took in (10.0, 40.0, 20.0):
        earlier = Run(server, pages, machine, flow)
        earlier.log(row(0, "action", 1, "File.Copy", duration_ms=took))
        earlier.log(row(1, "action", 2, "File.Copy", duration_ms=900.0, status=FAILED, error="no"))
        earlier.end()
    run = Run(server, pages, machine, flow)
    run.end()

    assert pages.get(f"/desktopruns/{run.id}/usual") == {
        "runs": 3,
        "items": [{"subflow": "Main", "line": 1, "action": "File.Copy", "medianMs": 20}],
    }


def test_the_log_of_somebody_elses_run_is_out_of_reach(server: LiveServer, pages: Pages) -> None:
    run = Run(server, pages, server.machine("foreign"), server.flow("foreign"))
    run.end()
    stranger = Pages(server, server.api_token(server.user("log-stranger", "Environment Maker")))

    parts = ("actions", "actions/filters", "actions/rounds?loop=0", "usual")
    answers = [stranger.ask("GET", f"/desktopruns/{run.id}/{part}").status for part in parts]
    assert answers == [403] * 4


def test_administrators_see_what_is_kept_and_what_would_go(server: LiveServer, pages: Pages) -> None:
    run = Run(server, pages, server.machine("kept"), server.flow("kept"))
    run.log(*OPEN_LOOP)
    run.end()
    maker = Pages(server, server.api_token(server.user("kept-maker", "Environment Maker")))

    kept = {one["kind"]: one for one in pages.get("/retention")["items"]}

    logs = kept["actionLogs"]
    assert (logs["setting"], logs["kept"], logs["due"]) == ("action_log_days", None, 0)
    assert logs["rows"] >= len(OPEN_LOOP)
    assert logs["bytes"] > 0
    assert (kept["cloudRuns"]["kept"], kept["flowVersions"]["kept"]) == (28, 100)
    assert kept["desktopRuns"]["oldest"] is not None
    assert pages.get("/retention/desktopRuns/due?days=0") == {"count": 0}
    assert pages.get("/retention/desktopRuns/due?days=1") == {"count": 0}
    assert pages.ask("GET", "/retention/desktopRuns/due?days=-1").status == 400
    assert maker.ask("GET", "/retention").status == 403
