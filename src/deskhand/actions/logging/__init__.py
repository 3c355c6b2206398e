"""The Logging module: lines in the run's action log."""

from deskhand.actions.logging.actions import logging

__all__ = ["logging"]
