"""The DateTime module: the present moment, and reckoning with dates."""

from deskhand.actions.date_time.actions import date_time

__all__ = ["date_time"]
