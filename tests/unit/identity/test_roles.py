"""The built-in roles as data."""

from deskhand.entities.declare import Depth
from deskhand.entities.tables import REGISTRY
from deskhand.identity.roles import (
    BUILT_IN_ROLES,
    DESKTOP_FLOWS_MACHINE_USER_CAN_SHARE,
    DESKTOP_FLOWS_RUNNER,
    SYSTEM_ADMINISTRATOR,
    role_privileges,
)

READ_PLATFORM = {
    "prvReadorganization": Depth.GLOBAL,
    "prvReadbusinessunit": Depth.GLOBAL,
    "prvReadUser": Depth.GLOBAL,
    "prvReadrole": Depth.GLOBAL,
    "prvReadsolution": Depth.GLOBAL,
}


def test_role_names_are_those_of_the_product() -> None:
    assert [role.name for role in BUILT_IN_ROLES] == [
        "System Administrator",
        "Environment Maker",
        "Desktop Flows Machine Owner",
        "Desktop Flows Machine User",
        "Desktop Flows Machine User Can Share",
        "Desktop Flows Runner",
    ]


def test_an_administrator_holds_every_privilege_everywhere() -> None:
    every = {privilege.name for entity in REGISTRY.values() for privilege in entity.privileges()}

    assert role_privileges(SYSTEM_ADMINISTRATOR) == dict.fromkeys(every, Depth.GLOBAL)


def test_a_runner_holds_the_least_that_running_needs() -> None:
    assert role_privileges(DESKTOP_FLOWS_RUNNER) == READ_PLATFORM | dict.fromkeys(
        (
            "prvReadflowmachine",
            "prvReadflowmachinegroup",
            "prvReadflowsession",
            "prvCreateflowsession",
            "prvWriteflowsession",
            "prvAppendflowsession",
            "prvAppendToflowsession",
            "prvReadworkflow",
            "prvReaddesktopflowbinary",
            "prvReadflowlog",
            "prvReadconnectionreference",
            "prvReadenvironmentvariabledefinition",
        ),
        Depth.BASIC,
    )


def test_a_machine_user_who_can_share_may_share_machines_and_groups_only() -> None:
    assert role_privileges(DESKTOP_FLOWS_MACHINE_USER_CAN_SHARE) == READ_PLATFORM | dict.fromkeys(
        (
            "prvReadflowmachine",
            "prvReadflowmachinegroup",
            "prvShareflowmachine",
            "prvShareflowmachinegroup",
        ),
        Depth.BASIC,
    )


def test_role_ids_differ_and_never_change() -> None:
    assert len({role.id for role in BUILT_IN_ROLES}) == len(BUILT_IN_ROLES)
    assert str(SYSTEM_ADMINISTRATOR.id) == str(SYSTEM_ADMINISTRATOR.id).lower()
