"""An organisation with three units and somebody in each, and callers with any privileges."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from deskhand.core.ids import stable_id
from deskhand.entities.declare import AccessRight, Depth, Entity
from deskhand.entities.security import BusinessUnit, SystemUser
from deskhand.identity.principals import Principal
from deskhand.records import service
from deskhand.store.database import Transaction

HEAD_OFFICE = stable_id("unit", "head office")
BRANCH = stable_id("unit", "branch")
DESK = stable_id("unit", "desk")
ORGANIZATION = stable_id("organization")


@dataclass(frozen=True)
class Person:
    """A user of the organisation."""

    name: str
    unit: UUID

    @property
    def id(self) -> UUID:
        return stable_id("user", self.name)

    def calls(self, **privileges: Depth) -> Principal:
        """Return this person as a caller who holds some privileges: ``prvReadworkflow=Depth.BASIC``."""
        held = {name.casefold(): depth for name, depth in privileges.items()}
        return Principal(self.id, self.name, self.unit, ORGANIZATION, held, role_count=1)

    def reads(self, entity: type[Entity], depth: Depth = Depth.GLOBAL) -> Principal:
        return self.calls(**{entity.privilege(AccessRight.READ).name: depth})


ADA = Person("Ada", HEAD_OFFICE)
BOB = Person("Bob", BRANCH)
BEA = Person("Bea", BRANCH)
CAT = Person("Cat", DESK)


def found_organisation(tx: Transaction) -> None:
    """Write the units, each below the one before, and the people."""
    above = None
    for name, unit in (("head office", HEAD_OFFICE), ("branch", BRANCH), ("desk", DESK)):
        values = {"businessunitid": unit, "name": name, "parentbusinessunitid": above}
        service.create(tx, BusinessUnit, values, by=ADA.id)
        above = unit
    for person in (ADA, BOB, BEA, CAT):
        values = {
            "systemuserid": person.id,
            "fullname": person.name,
            "domainname": f"{person.name}@example.org",
            "businessunitid": person.unit,
        }
        service.create(tx, SystemUser, values, by=ADA.id)
