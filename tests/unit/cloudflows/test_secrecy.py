"""What nobody may see of a run. Source: cloud-flows 3.13."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from deskhand.cloudflows.secrecy import Secrecy
from tests.cloud_runs import NOTHING, after, program_of, run_actions

SECURE = {"runtimeConfiguration": {"secureData": {"properties": ["inputs", "outputs"]}}}
SECURE_OUTPUTS = {"runtimeConfiguration": {"secureData": {"properties": ["outputs"]}}}
SECURE_INPUTS = {"runtimeConfiguration": {"secureData": {"properties": ["Inputs"]}}}
PARAMETERS = {"Pin": {"type": "SecureString"}, "Keys": {"type": "secureobject"}, "Plain": {"type": "String"}}
SOURCE = {"type": "Http", "inputs": {"uri": "https://api.example/"}, **SECURE_OUTPUTS}


def compose(value: Any, **members: Any) -> dict[str, Any]:
    return {"type": "Compose", "inputs": value, **members}


def hidden(actions: Mapping[str, Any], **members: Any) -> Secrecy:
    return program_of(actions, **{"parameters": PARAMETERS, **members}).secrecy


def sides(actions: Mapping[str, Any], **members: Any) -> tuple[set[str], set[str]]:
    found = hidden(actions, **members)
    return set(found.inputs), set(found.outputs)


def test_an_action_hides_what_it_declares() -> None:
    actions = {
        "Both": {"type": "Http", **SECURE},
        "One": {"type": "Http", **SECURE_INPUTS},
        "None": {"type": "Http"},
    }

    assert sides(actions) == ({"Both", "One"}, {"Both"})


@pytest.mark.parametrize(
    "reads",
    [
        "@outputs('Source')",
        "@body('source')",
        "@{body('Source')?['a']} and more",
        "@actions('Source')['outputs']",
        "@concat('a', string(outputs('Source')?['body/x']))",
        {"deep": [{"key": "@actionBody('Source')"}]},
        {"@{body('Source')}": "in a key"},
        "@outputs(variables('which'))",
        "@parameters('Pin')",
        "@parameters('keys')['a']",
        "@formDataValue('Source', 'a')",
    ],
)
def test_what_reads_a_secret_hides_its_inputs_and_compose_its_outputs_with_them(reads: Any) -> None:
    actions = {
        "Source": SOURCE,
        "Read": compose(reads),
        "Next": compose("@outputs('Read')"),
        "Call": {"type": "Http", "inputs": "@outputs('Next')"},
    }

    assert sides(actions) == ({"Read", "Next", "Call"}, {"Source", "Read", "Next"})


@pytest.mark.parametrize(
    "reads",
    [
        "@parameters('Plain')",
        "@parameters('$authentication')",
        "@outputs('Other')",
        "@triggerBody()",
        "plain",
    ],
)
def test_what_reads_no_secret_hides_nothing(reads: str) -> None:
    declared = {
        **PARAMETERS,
        "$authentication": {"type": "SecureObject"},
        "$connections": {"type": "SecureObject"},
    }
    actions = {"Source": SOURCE, "Other": compose(1), "Read": compose(reads)}

    assert sides(actions, parameters=declared) == (set(), {"Source"})


def test_an_action_that_reads_the_whole_record_of_one_with_secure_inputs_reads_a_secret() -> None:
    actions = {
        "Source": {"type": "Http", **SECURE_INPUTS},
        "Record": compose("@actions('Source')"),
        "Outputs": compose("@outputs('Source')"),
    }

    assert sides(actions) == ({"Source", "Record"}, {"Record"})


@pytest.mark.parametrize("side", [SECURE_INPUTS, SECURE_OUTPUTS])
def test_the_result_of_a_scope_with_a_secret_in_it_is_one(side: dict[str, Any]) -> None:
    actions = {
        "Try": {
            "type": "Scope",
            "actions": {
                "Inside": {"type": "Http", **side},
                "Deeper": {"type": "Scope", "actions": {"Deep": compose(1)}},
            },
        },
        "Result": compose("@result('Try')"),
        "Other": compose("@result('Deeper')"),
    }
    found = hidden(actions)

    assert {"Result"} <= found.inputs
    assert "Other" not in found.inputs


@pytest.mark.parametrize(
    "reads",
    [
        "@triggerBody()?['pin']",
        "@triggerOutputs()",
        "@trigger()",
        "@outputs('manual')",
        "@body('MANUAL')",
        "@actions('manual')",
    ],
)
def test_what_reads_a_secure_trigger_reads_a_secret(reads: str) -> None:
    triggers = {"manual": {"type": "Request", "kind": "Button", **SECURE}}

    assert sides({"Read": compose(reads)}, triggers=triggers) == ({"Read"}, {"Read"})


def test_a_secret_follows_variables_and_elements_of_loops() -> None:
    variable = {"variables": [{"name": "v", "type": "array"}]}
    actions = {
        "Init": {"type": "InitializeVariable", "inputs": variable},
        "Source": SOURCE,
        "Keep": {"type": "SetVariable", "inputs": {"name": "V", "value": "@body('Source')"}},
        "Loop": {
            "type": "Foreach",
            "foreach": "@variables('v')",
            "actions": {"Each": compose("@items('Loop')"), "Plain": compose(1)},
        },
        "Choose": {"type": "Switch", "expression": "@first(variables('v'))", "cases": {}},
        "Check": {"type": "If", "expression": {"empty": "@variables('v')"}, "actions": {}},
    }
    found = hidden(actions)

    assert found.variables == {"v"}
    assert found.inputs == {"Keep", "Loop", "Each", "Choose", "Check"}
    assert found.outputs == {"Source", "Keep", "Each", "Choose"}


def test_the_flow_s_own_outputs_are_hidden_if_they_read_a_secret_or_say_that_they_are_one() -> None:
    declared = {
        "a": {"type": "String", "value": "@parameters('Pin')"},
        "b": {"type": "SecureString", "value": "@parameters('Plain')"},
        "c": {"type": "String", "value": "@parameters('Plain')"},
    }
    finished = run_actions({}, outputs=declared, parameters={"Pin": "4711", "Plain": "p"})
    # The parameters' declarations say which are secret.
    program = program_of({}, outputs=declared)

    assert program.secrecy.returned == {"b"}
    assert hidden({}, outputs=declared).returned == {"a", "b"}
    assert finished.state.outputs == {
        "a": {"type": "String", "value": "4711"},
        "b": {"type": "SecureString"},
        "c": {"type": "String", "value": "p"},
    }


def test_hidden_actions_are_not_tracked() -> None:
    tracked = {"trackedProperties": {"id": "@action()['inputs']"}}
    read = {"trackedProperties": {"pin": "@parameters('Pin')"}}
    finished = run_actions({"Hidden": compose(7, **SECURE_INPUTS, **tracked), "Shown": compose(8, **tracked)})

    assert (finished.record("Hidden").tracked, finished.state.found) == (NOTHING, [("id", "8")])
    assert sides({"Reads": compose(1, **read)}) == ({"Reads"}, {"Reads"})


def message(actions: Mapping[str, Any], name: str = "X") -> str:
    problem = run_actions(actions).record(name).problem
    assert problem is not None
    return problem.message


def test_the_reason_of_a_failure_is_hidden_with_the_data_that_it_may_quote() -> None:
    broken = compose("@addProperty(json('{\"pin\":\"4711\"}'), 'pin', 1)")

    assert "4711" in message({"X": broken})
    assert message({"X": {**broken, **SECURE_INPUTS}}) == (
        "The execution of template action 'X' failed. The reason is hidden as its data is."
    )


def test_the_error_of_a_terminated_run_is_hidden_with_the_inputs_of_what_ended_it() -> None:
    inputs = {"runStatus": "Failed", "runError": {"code": "Odd", "message": "4711"}}
    finished = run_actions({"X": {"type": "Terminate", "inputs": inputs, **SECURE_INPUTS}})

    problem = finished.state.problem
    assert problem is not None
    assert (problem.code, problem.message) == (
        "Odd",
        "The execution of template action 'X' failed. The reason is hidden as its data is.",
    )


def test_a_scope_that_fails_says_so_even_if_its_condition_is_hidden() -> None:
    broken = {"Broken": compose("@int('no')")}
    check = {"type": "If", "expression": "@true", "actions": broken, **SECURE_INPUTS}

    assert message({"X": check}) == "An action failed. No dependent actions succeeded."


def test_values_still_flow() -> None:
    finished = run_actions(
        {"Secret": compose("4711", **SECURE), "Read": compose("@outputs('Secret')", runAfter=after("Secret"))}
    )

    assert finished.outputs("Read") == "4711"
