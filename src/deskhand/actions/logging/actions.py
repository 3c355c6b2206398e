"""The Logging actions. Source: actions.yaml, group Logging."""

from __future__ import annotations

from enum import StrEnum

from deskhand.actions.declare import Module
from deskhand.robin.catalog import ActionContext

__all__ = ["logging"]

logging = Module("Logging", "Logging")


@logging.enum("Logging.LogLevel")
class LogLevel(StrEnum):
    """How much a line matters."""

    INFO = "InfoLevel"
    WARNING = "WarningLevel"
    ERROR = "ErrorLevel"


@logging.action("LogMessage", label="Log message", summary="Log {Message}")
def log_message(message: str, context: ActionContext, log_level: LogLevel = LogLevel.INFO) -> None:
    """Write a line to the run's action log, where its people see it.

    Args:
        message: The line.
        log_level: How much it matters.
    """
    context.log(log_level.removesuffix("Level"), message)
