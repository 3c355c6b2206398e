"""A message is a typed function."""

from collections.abc import Iterator

import pytest

import deskhand.messages
from deskhand.entities.workflow import Workflow
from deskhand.messages.declare import (
    ACTION,
    FUNCTION,
    MESSAGES,
    Member,
    MessageContext,
    camel,
    message,
    pascal,
)


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    before = dict(MESSAGES)
    yield
    MESSAGES.clear()
    MESSAGES.update(before)


def test_importing_the_package_declares_every_message() -> None:
    assert deskhand.messages.__all__
    assert {key: one.kind for key, one in MESSAGES.items()} == {
        ("RunDesktopFlow", "workflow"): ACTION,
        ("CancelDesktopFlowRun", "flowsession"): ACTION,
        ("Dequeue", "workqueue"): ACTION,
        ("WhoAmI", None): FUNCTION,
        ("GrantAccess", None): ACTION,
        ("ModifyAccess", None): ACTION,
        ("RevokeAccess", None): ACTION,
        ("RetrieveSharedPrincipalsAndAccess", None): FUNCTION,
        ("RetrievePrincipalAccess", "systemuser"): FUNCTION,
    }


def test_rows_rights_and_complex_types_are_parameters() -> None:
    grant = MESSAGES[("GrantAccess", None)]
    assert [(one.wire_name, one.edm_type, one.required) for one in grant.parameters] == [
        ("Target", "mscrm.crmbaseentity", True),
        ("PrincipalAccess", "mscrm.PrincipalAccess", True),
    ]
    shared = MESSAGES[("RetrieveSharedPrincipalsAndAccess", None)]
    assert [(one.wire_name, one.edm_type) for one in shared.members] == [
        ("PrincipalAccesses", "Collection(mscrm.PrincipalAccess)")
    ]


def test_a_signature_becomes_parameters_and_response() -> None:
    run = MESSAGES[("RunDesktopFlow", "workflow")]
    assert run.bound_to is Workflow
    assert [(one.wire_name, one.edm_type, one.required) for one in run.parameters] == [
        ("runMode", "Edm.String", True),
        ("connectionName", "Edm.String", True),
        ("connectionType", "Edm.Int32", False),
        ("runPriority", "Edm.String", False),
        ("timeout", "Edm.Int32", False),
        ("inputs", "Edm.String", False),
        ("callbackUrl", "Edm.String", False),
    ]
    assert (run.response, run.members) == (
        "RunDesktopFlowResponse",
        (
            Member("flowsession_id", "flowsessionId", "Edm.Guid", required=True),
            Member("license_check", "licenseCheck", "mscrm.expando", required=True),
        ),
    )
    cancel = MESSAGES[("CancelDesktopFlowRun", "flowsession")]
    assert (cancel.parameters, cancel.response, cancel.members) == ((), None, ())


def test_names_are_spelt_as_the_wire_spells_them() -> None:
    assert [camel("run_mode"), camel("timeout"), pascal("business_unit_id")] == [
        "runMode",
        "timeout",
        "BusinessUnitId",
    ]


def test_a_parameter_without_a_line_of_help_fails_when_it_is_declared() -> None:
    with pytest.raises(TypeError, match="ask: parameter depth has no line under Args"):

        @message("Ask")
        def ask(context: MessageContext, *, depth: int) -> None:
            """Ask.

            Args:
                context: What it works with.
            """
