"""The message Dequeue. Source: dataverse-api 9.5."""

from __future__ import annotations

from uuid import UUID

from deskhand.entities.workqueue import WorkQueue, WorkQueueItem
from deskhand.messages.declare import MessageContext, Row, message
from deskhand.records.workqueues import dequeue as take_next


@message("Dequeue", bound_to=WorkQueue, returns=WorkQueueItem)
def dequeue(context: MessageContext, queue: Row, *, request: str | None = None) -> UUID | None:
    """Give the caller the next item of a work queue to process; without one there is no content.

    Args:
        request: Taken for the sake of callers that send it; it means nothing.
    """
    return take_next(context.tx, context.principal, queue["workqueueid"])
