"""The systems that benchmarks measure beside Deskhand: set up from pinned packages, run on this machine."""
