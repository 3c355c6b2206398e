"""Settings: each declared once with its meaning, its unit and its default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from deskhand.core.errors import DeskhandError, did_you_mean


class UnknownSetting(DeskhandError):
    """A settings file or an environment variable names a setting that does not exist.

    ``deskhand config show`` lists every setting with its meaning.
    """

    code = "DH0110"

    def __init__(self, name: str, source: str) -> None:
        known = (one.name for one in fields(Settings))
        super().__init__(f"{source}: there is no setting ‘{name}’{did_you_mean(name, known)}")


class BadSetting(DeskhandError):
    """A setting has a value that cannot be read, or one outside its bounds."""

    code = "DH0111"

    def __init__(self, name: str, value: object, expected: str, source: str) -> None:
        super().__init__(f"{source}: {name} is {value!r}; it takes {expected}")


def _setting(default: Any, doc: str, *, least: float | None = None, most: float | None = None) -> Any:
    return field(default=default, metadata={"doc": doc, "least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every limit and choice of a Deskhand server and its agents.

    Read in this order, later wins: the defaults, ``deskhand.toml`` in the data directory, the
    environment (``DESKHAND_RUNS_PER_MINUTE=100``).
    """

    database_url: str = _setting(
        "", "A PostgreSQL URL (`postgresql://…`); empty keeps SQLite in the data directory."
    )
    runs_per_minute: int = _setting(
        70, "Desktop-flow runs that one connection may start in any 60 s.", least=1
    )
    inputs_max_bytes: int = _setting(
        2 * 1024 * 1024, "UTF-8 bytes of the `inputs` text of RunDesktopFlow.", least=2
    )
    run_timeout_default: int = _setting(
        10_800, "Seconds a run may take when its request names no timeout.", least=1
    )
    run_timeout_max: int = _setting(
        86_400, "The longest timeout in seconds that a request may name.", least=1
    )
    queue_wait_max: int = _setting(
        43_200, "Seconds a run may wait for a machine before it fails with NoCandidateMachine.", least=1
    )
    queue_length_max: int = _setting(500, "Runs that may wait for one machine group.", least=1)
    flow_versions_max: int = _setting(100, "Versions of one flow that are kept; the oldest go.", least=1)
    debug_idle_seconds: float = _setting(
        1_800.0, "Seconds that a paused, debugged run may wait while nobody looks at it.", least=1
    )
    request_body_max_bytes: int = _setting(
        20 * 1024 * 1024, "Bytes of one request body of the Web API.", least=1024
    )
    page_size: int = _setting(5_000, "Rows of one page of a list.", least=1, most=5_000)
    lease_seconds: float = _setting(
        60.0, "Seconds after which a run whose agent gave no sign of life is taken from it.", least=0.2
    )
    agent_lost_seconds: float = _setting(
        300.0, "Seconds a started run may be out of touch before it fails with AgentNotReachable.", least=0.2
    )
    heartbeat_seconds: float = _setting(15.0, "Seconds between an agent's signs of life.", least=0.05)
    session_capacity: int = _setting(
        4, "Runs that one machine takes at the same time (its unattended bots).", least=1
    )
    cancel_grace_seconds: float = _setting(
        2.0, "Seconds between asking a cancelled flow's processes to end and killing them.", least=0
    )
    child_memory_max_bytes: int = _setting(
        4 * 1024**3, "Address space one flow's process may use.", least=256 * 1024**2
    )
    action_log_max_rows: int = _setting(
        100_000, "Rows of the action log that one run may write; failures are kept beyond it.", least=1
    )
    outputs_max_bytes: int = _setting(32 * 1024 * 1024, "UTF-8 bytes of one run's outputs.", least=1024)
    callback_attempts: int = _setting(
        4, "Requests sent for one callback: the first and its retries.", least=1
    )
    callback_retry_seconds: float = _setting(1.0, "Seconds between two requests of one callback.", least=0)
    callback_timeout_seconds: float = _setting(
        20.0, "Seconds a callback's receiver has to take the connection and to answer.", least=0.1
    )
    callback_allow_insecure: bool = _setting(
        False, "For test set-ups only: allow http, IP literals and private addresses in callback URLs."
    )
    http_allowed_hosts: str = _setting(
        "",
        "Host names, addresses and networks (`10.20.0.0/16`), separated by blanks, that cloud flows may call "
        "although they are not on the public internet. A name allows whatever it resolves to; names are "
        "compared whole. Whoever writes flows reaches these hosts from the server.",
    )
    http_timeout_seconds: float = _setting(
        120.0, "Seconds one HTTP request of a cloud flow may take, redirects included.", least=0.1
    )
    http_body_max_bytes: int = _setting(
        100 * 1024 * 1024, "Bytes of one body that a cloud flow receives or sends over HTTP.", least=1024
    )
    managed_identity_tenant: str = _setting(
        "",
        "The Microsoft Entra tenant of the application that stands in where a cloud flow authenticates as "
        "`ManagedServiceIdentity`; empty refuses such calls. Whoever writes flows acts as that application.",
    )
    managed_identity_client_id: str = _setting(
        "", "The client id of the application that stands in for a managed identity."
    )
    managed_identity_secret_file: str = _setting(
        "",
        "The file that holds the client secret of that application; only the server's account may read it.",
    )
    timeout_status: int = _setting(
        8, "The statuscode of a run that ran out of time: 8 Failed, or 10 TimedOut.", least=8, most=10
    )
    cancel_finished_is_error: bool = _setting(
        True, "Whether cancelling a finished run answers 400; false answers 204."
    )
    requests_per_user: int = _setting(
        600_000, "Requests to the Web API that one user may send in any 300 s.", least=1
    )
    execution_seconds_per_user: float = _setting(
        12_000.0, "Seconds that the requests of one user may take together in any 300 s.", least=1
    )
    token_seconds: int = _setting(3_599, "Seconds an access token is valid.", least=1)
    session_seconds: int = _setting(
        86_400, "Seconds after which somebody who signed in with a browser has to do so again.", least=60
    )
    session_idle_seconds: int = _setting(
        28_800, "Seconds without any use after which a browser is signed out.", least=60
    )
    token_audiences: str = _setting(
        "", "Further addresses, separated by blanks, whose tokens are accepted: the server's other names."
    )
    cloudflow_lease_seconds: float = _setting(
        30.0,
        "Seconds after which another server takes over the cloud-flow runs of one that fell silent.",
        least=0.5,
    )
    cloudflow_run_days_max: float = _setting(
        30.0, "Days that a cloud-flow run may take before it ends as TimedOut.", least=0.0001, most=90
    )
    cloudflow_history_days: float = _setting(
        28.0,
        "Days that the history of cloud-flow runs and triggers is kept after their end.",
        least=0.01,
        most=3_650,
    )
    desktop_run_days: float = _setting(
        0.0,
        "Days that desktop-flow runs are kept after their end, with all that belongs to them; 0 keeps them.",
        least=0,
        most=36_500,
    )
    action_log_days: float = _setting(
        0.0,
        "Days that action logs of desktop-flow runs are kept after the run's end; 0 keeps them with the run.",
        least=0,
        most=36_500,
    )
    audit_days: float = _setting(
        0.0, "Days that lines of the audit log are kept; 0 keeps them.", least=0, most=36_500
    )
    cloudflow_answer_seconds: float = _setting(
        120.0, "Seconds that whoever calls a cloud flow is kept waiting for its Response.", least=0.1
    )
    public_url: str = _setting(
        "",
        "The address under which others reach this server, such as `https://rpa.example.org`: it stands in "
        "the addresses that flows give away. Empty for the address that the server listens on.",
    )
    watched_folders: str = _setting(
        "",
        "Folders of the server's machine whose files may start cloud flows: absolute paths, separated by "
        "`;`. Empty for none. Whoever writes flows can read the files in them, and in the folders below "
        "them.",
    )
    foreach_items_max: int = _setting(100_000, "Elements that one Foreach goes through.", least=1)
    until_iterations_max: int = _setting(
        5_000, "The largest count that the limit of an Until may name.", least=1
    )
    culture: str = _setting("en-US", "The culture in which flows write dates and read text.")
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR.")
    windows_drives: str = _setting(
        "",
        r"Folders of this machine that stand for Windows drives and shares in flows, such as "
        r"`C=/srv/c;\\files\sales=/mnt/sales`.",
    )

    @classmethod
    def load(cls, data: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings that are in force.

        Args:
            data: The data directory; its ``deskhand.toml`` is read where there is one.
            environment: Variables to read in place of the process's own.

        Raises:
            UnknownSetting: A name is not a setting's.
            BadSetting: A value has the wrong type or is out of bounds.
        """
        values: dict[str, Any] = {}
        path = _file_in(data)
        if path is not None:
            values |= _from_file(path)
        values |= _from_environment(os.environ if environment is None else environment)
        return cls(**values)

    @classmethod
    def sources(
        cls, data: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Return where each setting that is set has its value from: the file, or a variable.

        Args:
            data: The data directory.
            environment: Variables to read in place of the process's own.
        """
        path = _file_in(data)
        found = dict.fromkeys(_from_file(path), str(path)) if path is not None else {}
        set_by = _from_environment(os.environ if environment is None else environment)
        return found | {name: f"DESKHAND_{name.upper()}" for name in set_by}


def _file_in(data: Path | None) -> Path | None:
    path = data / "deskhand.toml" if data else None
    return path if path and path.exists() else None


def _from_file(path: Path) -> dict[str, Any]:
    declared = {one.name: one for one in fields(Settings)}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSetting("the file", path.name, f"TOML ({error})", str(path)) from error
    for name in content:
        if name not in declared:
            raise UnknownSetting(name, str(path))
    return {name: _check(declared[name], value, str(path)) for name, value in content.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in fields(Settings):
        text = environment.get(f"DESKHAND_{one.name.upper()}")
        if text is not None:
            values[one.name] = _check(one, _from_text(one, text), "environment")
    return values


def _from_text(declared: Field[Any], text: str) -> Any:
    kind: type = type(declared.default)
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(text.casefold(), text)
    try:
        return kind(text)
    except ValueError:
        return text


def _check(declared: Field[Any], value: Any, source: str) -> Any:
    kind = type(declared.default)
    if kind is float and type(value) is int:
        value = float(value)
    least, most = declared.metadata["least"], declared.metadata["most"]
    fits = type(value) is kind
    if fits and kind in (int, float):
        fits = (least is None or value >= least) and (most is None or value <= most)
    if not fits:
        bounds = [f"at least {least}"] * (least is not None) + [f"at most {most}"] * (most is not None)
        names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        raise BadSetting(declared.name, value, ", ".join([names[kind], *bounds]), source)
    return value
