"""The message WhoAmI. Source: dataverse-api 9.1."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from deskhand.messages.declare import FUNCTION, MessageContext, message, pascal


@dataclass(frozen=True, slots=True)
class WhoAmIResponse:
    """Who the caller is."""

    business_unit_id: UUID
    user_id: UUID
    organization_id: UUID


@message("WhoAmI", kind=FUNCTION, naming=pascal)
def who_am_i(context: MessageContext) -> WhoAmIResponse:
    """Tell callers who they are."""
    principal = context.principal
    return WhoAmIResponse(principal.business_unit_id, principal.user_id, principal.organization_id)
