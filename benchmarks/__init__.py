"""Benchmarks: each prints its figures beside a peer or a floor measured in the same run."""
