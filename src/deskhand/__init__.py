"""Deskhand: an open, self-hosted home for Power Automate desktop flows."""

__version__ = "0.1.0"
