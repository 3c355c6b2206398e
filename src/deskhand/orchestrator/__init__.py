"""The run queue: the only room that changes a run's status."""
