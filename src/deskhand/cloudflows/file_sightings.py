"""Which files of a folder are new or changed since a trigger looked last. Pure: sights in, names out.

A file counts once it has stopped changing: it has to look the same in two looks, so that one that is still
being written is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from deskhand.cloudflows.folders import Sight
from deskhand.wdl.values import Value


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file as a trigger knows it.

    Attributes:
        is_told: Whether a run was started for it as it is, or none is to be.
    """

    sight: Sight
    is_told: bool


@dataclass(frozen=True, slots=True)
class Sightings:
    """What a trigger knows of its folder.

    Attributes:
        files: The files, by name.
    """

    files: Mapping[str, Sighting]

    @classmethod
    def at_first(cls, present: Mapping[str, Sight], since: datetime) -> Sightings:
        """Return what a trigger knows that has just begun: what is there already starts nothing.

        Args:
            present: The files that are there.
            since: When it began; what was written later counts.
        """
        begun = int(since.timestamp() * 1e9)
        return cls({name: Sighting(sight, is_told=sight.modified < begun) for name, sight in present.items()})

    @classmethod
    def read(cls, value: Value) -> Sightings:
        """Return what :meth:`as_value` wrote."""
        assert isinstance(value, Mapping)
        files = value["files"]
        return cls({name: Sighting(Sight(one[0], one[1]), one[2]) for name, one in files.items()})

    def as_value(self) -> Value:
        """Return it as JSON."""
        files: dict[str, Value] = {
            name: [one.sight.size, one.sight.modified, one.is_told] for name, one in self.files.items()
        }
        return {"files": files}

    def seen(self, present: Mapping[str, Sight], *, counts_changes: bool) -> Sightings:
        """Return what is known after a look.

        Args:
            present: The files that are there now.
            counts_changes: Whether a file that was told counts again when it changes.
        """
        return Sightings({name: self._seen(name, sight, counts_changes) for name, sight in present.items()})

    def _seen(self, name: str, sight: Sight, counts_changes: bool) -> Sighting:
        known = self.files.get(name)
        if known is None:
            return Sighting(sight, is_told=False)
        is_same = known.sight == sight
        return Sighting(sight, known.is_told and (is_same or not counts_changes))

    def settled(self, before: Sightings) -> list[str]:
        """Return the files that start runs, the oldest first: untold, and the same as in the look before."""
        names = (
            name
            for name, one in self.files.items()
            if not one.is_told and name in before.files and before.files[name] == one
        )
        return sorted(names, key=lambda name: (self.files[name].sight.modified, name))

    def told(self, names: Iterable[str]) -> Sightings:
        """Return what is known once runs were started for some files."""
        done = {name: Sighting(self.files[name].sight, is_told=True) for name in names}
        return Sightings({**self.files, **done})

    @property
    def is_waiting(self) -> bool:
        """Return whether a file is still to be told."""
        return not all(one.is_told for one in self.files.values())
