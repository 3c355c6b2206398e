"""What a process that lives long tells the garbage collector."""

from __future__ import annotations

import gc


def keep_for_good() -> None:
    """Take all that there is for lasting: the collector never looks at it again.

    For a process that has loaded what it works with. A full collection would else go through all of
    it, and hold up whoever waits for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
