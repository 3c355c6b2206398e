"""One look for all: what changed, for everybody who has a page open.

While somebody listens, one task of the process looks whenever a transaction with new version numbers is
durable, at most four times a second, and once a second in any case.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from deskhand.core.errors import DeskhandError
from deskhand.store.database import VERSIONS
from deskhand.webapi.change_watch import MOST_IDS, ChangeWatch, Ids, Look, changed_topics
from deskhand.webapi.services import Services
from deskhand.webapi.work import Workers

_LOG = logging.getLogger(__name__)

_PACE_SECONDS = 0.25
_IDLE_SECONDS = 1.0
_BEATS_MISSED = 3


@dataclass(frozen=True, slots=True)
class News:
    """What a listener has not been told of yet.

    Attributes:
        version: Up to which version number this tells.
        changed: The changed rows by topic.
        actions: Whether the run that they watch has new actions.
        missed: Whether nobody knows what they missed.
    """

    version: int
    changed: Mapping[str, Ids]
    actions: bool
    missed: bool


@dataclass(slots=True, eq=False)
class Listener:
    """Somebody who has a page open. Lives on the feed's event loop.

    Attributes:
        run_id: The run whose actions they watch.
        since: The version number from which on they hear of changes.
        rung: Set while there is something to take.
        over: Whether there is nothing more to hear.
    """

    run_id: UUID | None
    since: int = 0
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    _version: int = 0
    _changed: dict[str, Ids] = field(default_factory=dict)
    _log_end: int | None = None
    _actions: bool = False
    _missed: bool = False

    def hear(self, look: Look) -> None:
        """Note what a look found."""
        self._version = max(self._version, look.version)
        for topic, ids in look.changed.items():
            self.note(topic, ids)
        if self.run_id is not None:
            end = look.log_ends.get(self.run_id, -1)
            if self._log_end is not None and end != self._log_end:
                self._actions = True
                self.rung.set()
            self._log_end = end

    def note(self, topic: str, ids: Ids) -> None:
        """Note changed rows."""
        known = self._changed.get(topic, frozenset())
        together = None if ids is None or known is None else known | ids
        self._changed[topic] = None if together is not None and len(together) > MOST_IDS else together
        self.rung.set()

    def miss(self) -> None:
        """Note that nobody knows what was missed."""
        self._missed = True
        self.rung.set()

    def end(self) -> None:
        """Note that there is nothing more to hear."""
        self.over = True
        self.rung.set()

    def take(self) -> News:
        """Return what is to be told, and forget it."""
        news = News(max(self._version, self.since), self._changed, self._actions, self._missed)
        self._changed, self._actions, self._missed = {}, False, False
        self.rung.clear()
        return news


class ChangeFeed:
    """Looks for changes while somebody listens. Lives on one event loop.

    Args:
        services: What changes, and who rings when it does.
        workers: Where the looks run.
    """

    def __init__(self, services: Services, workers: Workers) -> None:
        self._wakeups = services.wakeups
        self._workers = workers
        self._silence = timedelta(seconds=services.settings.heartbeat_seconds * _BEATS_MISSED)
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()
        self._version = 0

    @contextlib.asynccontextmanager
    async def listening(self, run_id: UUID | None, after: int | None) -> AsyncIterator[Listener]:
        """Listen: whatever changes once this is entered is heard of.

        Args:
            run_id: The run whose actions are watched, too.
            after: The version up to which the listener was told before, if it was.
        """
        listener = Listener(run_id)
        self._listeners.add(listener)
        try:
            if self._task is None or self._task.done():
                self._begun = asyncio.Event()
                self._task = asyncio.create_task(self._look_on(self._begun))
            await self._begun.wait()  # the first look tells nothing: it finds where changes begin
            listener.since = self._version if after is None else min(after, self._version)
            if after is not None:
                await self._catch_up(listener, after)
            yield listener
        finally:
            self._listeners.discard(listener)

    async def _catch_up(self, listener: Listener, after: int) -> None:
        changed = await self._workers.read(partial(changed_topics, version=after))
        if changed is None:
            listener.miss()
            return
        for topic, ids in changed.items():
            listener.note(topic, ids)

    async def _look_on(self, begun: asyncio.Event) -> None:
        """Look until nobody listens any more; tells when the first look is done, or cannot be."""
        loop, rung, watch = asyncio.get_running_loop(), asyncio.Event(), ChangeWatch(self._silence)

        def ring() -> None:
            loop.call_soon_threadsafe(rung.set)

        leave = self._wakeups.subscribe(VERSIONS, ring)
        try:
            while self._listeners and not self._wakeups.closed:
                rung.clear()
                await self._look(watch)
                begun.set()
                await asyncio.sleep(_PACE_SECONDS)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(rung.wait(), _IDLE_SECONDS - _PACE_SECONDS)
        finally:
            leave()
            begun.set()
            for listener in self._listeners:
                listener.end()

    async def _look(self, watch: ChangeWatch) -> None:
        run_ids = {one.run_id for one in self._listeners if one.run_id is not None}
        try:
            found = await self._workers.read(partial(watch.look, run_ids=run_ids))
        except (DeskhandError, sa.exc.SQLAlchemyError):
            _LOG.warning("nobody can be told of changes now: the database does not answer", exc_info=True)
            if not watch.knows:  # where changes begin is still to be found
                for listener in self._listeners:
                    listener.miss()
            return
        self._version = found.version
        for listener in self._listeners:
            listener.hear(found)
