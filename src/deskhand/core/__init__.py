"""What every room stands on: time, ids, settings, logging and the base of all errors."""
