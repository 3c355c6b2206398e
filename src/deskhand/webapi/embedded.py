"""The Web API for this process itself: answers in its caller's transaction, without HTTP."""

from __future__ import annotations

from starlette.datastructures import Headers

from deskhand.cloudflows.web_api import ApiReply, ApiRequest
from deskhand.core.errors import DeskhandError
from deskhand.core.ids import new_id
from deskhand.core.settings import Settings
from deskhand.identity.principals import Principal
from deskhand.identity.vault import Vault
from deskhand.store.database import Transaction
from deskhand.webapi.calls import VERSIONS, Call
from deskhand.webapi.errors import UNEXPECTED, error_reply, meaning_of
from deskhand.webapi.preferences import read_preferences
from deskhand.webapi.replies import Reply
from deskhand.webapi.resources import Resources


class EmbeddedWebApi:
    """Fills :class:`~deskhand.cloudflows.web_api.WebApi`.

    Args:
        settings: Limits and choices.
        vault: Opens secrets.
        base_url: The server's address, which answers name.
    """

    def __init__(self, settings: Settings, vault: Vault, base_url: str) -> None:
        self._resources = Resources(settings, vault)
        self._base_url = base_url

    def answer(self, tx: Transaction, principal: Principal, request: ApiRequest) -> ApiReply:
        """Answer a request; one that is refused is answered with its error, and has changed nothing."""
        headers = Headers(dict(request.headers))
        call = Call(
            request_id=new_id(),
            method=request.method,
            base_url=self._base_url,
            version=VERSIONS[-1],
            path=request.path,
            query=request.query,
            headers=headers,
            preferences=read_preferences(headers.getlist("prefer")),
            principal=principal,
            body=request.body,
        )
        try:
            reply = self._act(tx, call)
        except DeskhandError as error:
            if meaning_of(error) is UNEXPECTED:
                raise
            reply = error_reply(error, call.request_id, call.preferences)
        return ApiReply(reply.status, reply.headers, reply.body)

    def _act(self, tx: Transaction, call: Call) -> Reply:
        work = self._resources.plan(call)
        return tx.attempt(work.act) if work.writes else work.act(tx)
