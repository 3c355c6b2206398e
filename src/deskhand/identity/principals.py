"""Who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from deskhand.entities.declare import Depth


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated caller of one request. Source: dataverse-api 12.

    Attributes:
        user_id: The ``systemuserid``.
        name: The user's name for people.
        business_unit_id: The unit the user belongs to.
        organization_id: The installation.
        privileges: The greatest depth of each privilege that the user's roles give, by the
            privilege's name in lower case.
        role_count: How many roles that took; error messages tell it.
    """

    user_id: UUID
    name: str
    business_unit_id: UUID
    organization_id: UUID
    privileges: Mapping[str, Depth]
    role_count: int

    def depth(self, privilege: str) -> Depth | None:
        """Return how far a privilege reaches for this user, or None without it."""
        return self.privileges.get(privilege.casefold())
