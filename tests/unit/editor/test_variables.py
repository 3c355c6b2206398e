"""Variables of a flow."""

from __future__ import annotations

import pytest

from deskhand.editor.errors import NameRefused
from deskhand.editor.outline import outline
from deskhand.editor.palette import palette
from deskhand.editor.variables import FlowVariable, VariableRole, rename_variable, variables
from deskhand.robin.nodes import Script

FLOW = """\
@SENSITIVE: [Pin]
@INPUT Pin : { 'Description': 'to open it', 'FriendlyName': 'PIN', 'Type': 'String' }
LOOP FOREACH Item IN [1, 2]
    SET Total TO $'''%Total% and %Item%'''
END
"""


def script(text: str) -> Script:
    found = outline(text).script
    assert found is not None
    return found


def test_variables_are_listed_by_what_they_are_to_callers() -> None:
    assert variables(script(FLOW)) == (
        FlowVariable("Pin", VariableRole.INPUT, "String", "PIN", "to open it", sensitive=True, uses=0),
        FlowVariable("Item", VariableRole.FLOW, "", "", "", sensitive=False, uses=1),
        FlowVariable("Total", VariableRole.FLOW, "text", "", "", sensitive=False, uses=2),
    )


def test_a_variable_is_renamed_wherever_it_stands() -> None:
    assert rename_variable(script(FLOW), "total", "Sum") == FLOW.replace("Total", "Sum")
    assert rename_variable(script(FLOW), "Pin", "Code") == FLOW.replace("Pin", "Code")
    assert rename_variable(script(FLOW), "Item", "Each") == FLOW.replace("Item", "Each")


@pytest.mark.parametrize("name", ["", "1st", "a b", "IF", "a%"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(NameRefused):
        rename_variable(script(FLOW), "Total", name)


def test_the_palette_offers_statements_and_actions_and_names_what_cannot_run() -> None:
    groups = {one.title: one for one in palette()}

    assert [one.title for one in palette()][:4] == ["Variables", "Conditionals", "Loops", "Flow control"]
    assert "For each" in [one.title for one in groups["Loops"].forms]
    assert "Read text from file" in [one.title for one in groups["File"].forms]
    assert (len(groups["Excel"].forms), bool(groups["Excel"].hidden)) == (0, True)
