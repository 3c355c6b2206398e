"""Rows: read, written and deleted, with the rights of whoever asks. Nobody else applies row security."""
