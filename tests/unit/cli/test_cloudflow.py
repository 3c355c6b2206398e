"""``deskhand cloudflow eval``: what it prints, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deskhand.cli.cloudflow import JsonFileUnreadable, cloudflow

CONTEXT = """{
  "variables": {"n": 2},
  "parameters": {"p": "q"},
  "outputs": {"Compose": {"body": {"id": 7}}},
  "trigger": {"outputs": {"body": {"text": "hello"}}}
}"""


@pytest.fixture
def context(tmp_path: Path) -> str:
    path = tmp_path / "context.json"
    path.write_text(CONTEXT, encoding="utf-8")
    return str(path)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cloudflow, ["eval", *arguments])


def test_a_value_is_printed_as_json(context: str) -> None:
    expression = "createArray(mul(variables('n'), 1.0), parameters('p'), body('Compose').id, triggerBody())"
    result = invoke(expression, "--context", context)
    assert (result.exit_code, result.stdout, result.stderr) == (0, '[2.0,"q",7,{"text":"hello"}]\n', "")


def test_an_error_goes_to_the_error_stream_with_exit_code_1() -> None:
    result = invoke("foo()")
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        "The template function 'foo' is not defined or not valid. "
        "Please see https://aka.ms/logicexpressions for usage details.\n",
    )


def test_a_batch_prints_an_object_for_each_line(tmp_path: Path, context: str) -> None:
    batch = tmp_path / "batch.txt"
    batch.write_text(
        "add(1, variables('n'))\nreplace('a', '', 'b')\nsubstring('😀', 0, 1)\n", encoding="utf-8"
    )
    result = invoke("--batch", str(batch), "--context", context)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        ['{"value": 3}', '{"error": "String cannot be of zero length."}', '{"value": "\\ud83d"}'],
    )


def test_a_batch_of_templates_takes_json_as_definitions_hold_it(tmp_path: Path, context: str) -> None:
    batch = tmp_path / "batch.txt"
    batch.write_text('"n is @{variables(\'n\')}"\n{"@@k": ["@true"]}\nnonsense\n', encoding="utf-8")
    result = invoke("--templates", "--batch", str(batch), "--context", context)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            '{"value": "n is 2"}',
            '{"value": {"@k":[true]}}',
            '{"error": "The line is no JSON value: Expecting value: line 1 column 1 (char 0)."}',
        ],
    )


def test_either_an_expression_or_a_batch_is_asked_for() -> None:
    result = invoke()
    assert (result.exit_code, "Give either an expression or --batch FILE." in result.stderr) == (2, True)


def test_a_context_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "context.json"
    path.write_text("{", encoding="utf-8")
    result = invoke("1", "--context", str(path))
    assert isinstance(result.exception, JsonFileUnreadable)
    assert str(result.exception).startswith(f"‘{path}’ cannot be read as JSON: ")
