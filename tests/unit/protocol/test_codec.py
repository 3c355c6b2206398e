"""Messages keep their shape and every digit on the way; rubbish is refused with its place."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from deskhand.protocol.codec import MAX_DEPTH, BadMessage, Message, decode, encode
from deskhand.protocol.messages import (
    ActionsLogged,
    AssignFailed,
    Begin,
    CancelOrder,
    Claim,
    Confirmed,
    Finished,
    Orders,
    Prepared,
    PrepareFlow,
    RegisterMachine,
    Replies,
    Report,
    RunMessage,
    RunResult,
)

RUN = UUID("6d8f0a39-9a5c-4c53-9c0e-6f0b8a7d1e01")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.one_of(
    st.integers(-(2**200), 2**200),
    st.decimals(min_value=-(10**28), max_value=10**28, allow_nan=False, allow_infinity=False, places=9),
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
objects = st.dictionaries(texts, json_values, max_size=4)
finite = st.floats(allow_nan=False, allow_infinity=False)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    float: finite,
    dict[str, Any]: objects,
    Any: objects,
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a declared type, as the wire carries them."""
    if kind in SCALARS:
        return SCALARS[kind]
    if isinstance(kind, type) and issubclass(kind, Message):
        hints = get_type_hints(kind)
        made: Any = kind
        return st.builds(made, **{one.name: anything(hints[one.name]) for one in fields(kind)})
    if get_origin(kind) in (Union, UnionType):
        return st.one_of([anything(one) for one in get_args(kind)])
    if get_origin(kind) is tuple:
        of = get_args(kind)
        endless = of[-1] is Ellipsis
        return st.lists(anything(of[0]), max_size=3).map(tuple) if endless else st.tuples(*map(anything, of))
    return st.from_type(kind)


EVERY_MESSAGE = Message.__subclasses__()


@pytest.mark.parametrize("kind", EVERY_MESSAGE, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_message_reads_as_it_was_written(kind: type[Any], data: st.DataObject) -> None:
    message = data.draw(anything(kind))
    assert decode(encode(message), kind) == message


def test_the_wire_form_is_one_line_with_the_type_first() -> None:
    message = AssignFailed(RUN, 3, "SessionCreationError", "Grüße\nan alle", retry=True)
    assert (
        encode(message)
        == (
            '{"type":"AssignFailed","run_id":"6d8f0a39-9a5c-4c53-9c0e-6f0b8a7d1e01","fencing_token":3,'
            '"code":"SessionCreationError","message":"Grüße\\nan alle","retry":true}'
        ).encode()
    )


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Decimal("0.1"), "0.1"),
        (Decimal("79228162514264337593543950.335"), "79228162514264337593543950.335"),
        (Decimal("0.0000000000000000000000000001"), "1E-28"),
        (Decimal("5.00"), "5.00"),
        (Decimal("1E+20"), "1E+20"),
        (12345678901234567890123, "12345678901234567890123"),
    ],
)
def test_a_number_keeps_all_its_digits_both_ways(number: Any, written: str) -> None:
    message = Finished(RUN, 1, RunResult.SUCCEEDED, outputs={"N": number})
    line = encode(message)
    assert f'"outputs":{{"N":{written}}}'.encode() in line
    back = decode(line, Finished)
    assert back == message
    assert back.outputs is not None
    assert isinstance(back.outputs["N"], int | Decimal)


def test_a_value_may_have_members_named_like_the_wires_own() -> None:
    message = Finished(RUN, 1, RunResult.SUCCEEDED, outputs={"type": {"type": "Begin", "run_id": 1}})
    assert decode(encode(message), Finished) == message


def test_half_a_surrogate_pair_is_written_as_the_replacement_character() -> None:
    line = encode(Finished(RUN, 1, RunResult.SUCCEEDED, outputs={"T": "a\ud83d!"}))
    assert decode(line, Finished).outputs == {"T": "a\ufffd!"}


def test_messages_of_a_union_are_told_apart_by_their_type() -> None:
    report = Report((Confirmed(RUN, 1, "ana", "1.0"), ActionsLogged(RUN, 1, ())))
    assert decode(encode(report), Report) == report
    expected: Any = Prepared | Begin
    assert decode('{"type":"Begin"}', expected) == Begin()
    every: Any = RunMessage
    assert decode(encode(report.messages[0]), every) == report.messages[0]


@pytest.mark.parametrize(
    ("text", "expected", "problem"),
    [
        ("", Begin, "message: no JSON (input data was truncated)"),
        ("hello", Begin, "message: no JSON (invalid character at line 1 column 1)"),
        (
            '{"token":"ß",\n"name":"ü" x}',
            RegisterMachine,
            "message: no JSON (expected ',' or '}' at line 2 column 12)",
        ),
        ("[1]", Begin, "message: expected `object`, got `array`"),
        ('{"type":"Prepared"}', Begin, "type: invalid value 'Prepared'"),
        ('{"more":1}', Begin, "message: object contains unknown field `more`"),
        (
            '{"runs":[],"cancel":[],"lost":[],"heartbeat_seconds":1}',
            Orders,
            "message: object contains unknown field `cancel`",
        ),
        ('{"run_id":"x","fencing_token":1}', CancelOrder, "run_id: invalid UUID"),
        (
            '{"run_id":"6d8f0a39-9a5c-4c53-9c0e-6f0b8a7d1e01","fencing_token":true}',
            CancelOrder,
            "fencing_token: expected `int`, got `bool`",
        ),
        (
            '{"run_id":"6d8f0a39-9a5c-4c53-9c0e-6f0b8a7d1e01"}',
            CancelOrder,
            "message: object missing required field `fencing_token`",
        ),
        (
            '{"replies":[{"accepted":1,"reason":""}]}',
            Replies,
            "replies[0].accepted: expected `bool`, got `int`",
        ),
        (
            '{"messages":[{"type":["Finished"]}]}',
            Report,
            "messages[0].type: expected `str`",
        ),
        ('{"order":null,"working_directory":""}', PrepareFlow, "order: expected `object`, got `null`"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(text: str, expected: type[Any], problem: str) -> None:
    with pytest.raises(BadMessage) as caught:
        decode(text, expected)
    assert str(caught.value) == problem


HALF_A_PAIR = "message: no JSON (unexpected end of escaped utf-16 surrogate pair"


def finished_with(value: str) -> str:
    return (
        '{"type":"Finished","run_id":"6d8f0a39-9a5c-4c53-9c0e-6f0b8a7d1e01","fencing_token":1,'
        f'"result":"succeeded","outputs":{{"V":{value}}}}}'
    )


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("1e999999999", "outputs: a number is infinite or has too large an exponent"),
        ("1e-999999999", "outputs: a number is infinite or has too large an exponent"),
        (
            '"\\ud83d..."',
            f"{HALF_A_PAIR} at line 1 column 129)",
        ),
        (
            '{"\\ud83d":1}',
            f"{HALF_A_PAIR} at line 1 column 130)",
        ),
        ("9" * (sys.get_int_max_str_digits() + 1), "outputs[...]: integer value out of range"),
        ("1e99999999999999999999", "outputs[...]: a number has too large an exponent"),
        ("[" * 250 + "]" * 250, f"outputs: it is nested more than {MAX_DEPTH} levels deep"),
        ("[" * 100_000 + "]" * 100_000, f"message: it is nested more than {MAX_DEPTH} levels deep"),
    ],
)
def test_values_that_would_hurt_the_reader_are_refused(value: str, problem: str) -> None:
    with pytest.raises(BadMessage) as caught:
        decode(finished_with(value), Finished)
    assert str(caught.value) == problem


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_in_json_are_refused(value: str) -> None:
    with pytest.raises(BadMessage, match="message: no JSON"):
        decode(finished_with(value), Finished)


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(BadMessage, match="message: no JSON"):
        decode(b'{"type":"\xff\xfe"}', Begin)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_bad_message(rubbish: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(rubbish, Report)


def endless() -> list[Any]:
    knot: list[Any] = []
    knot.append(knot)
    return knot


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (endless(), f"outputs: it is nested more than {MAX_DEPTH} levels deep"),
        (Decimal("NaN"), "outputs: a number is infinite or has too large an exponent"),
        (Decimal("1E+999999"), "outputs: a number is infinite or has too large an exponent"),
        (b"x", "outputs: it cannot be written as JSON (it holds a value of type bytes)"),
        (object, "outputs: it cannot be written as JSON (it holds a value of type type)"),
    ],
)
def test_values_that_json_cannot_carry_are_refused(value: Any, problem: str) -> None:
    with pytest.raises(BadMessage) as caught:
        encode(Finished(RUN, 1, RunResult.SUCCEEDED, outputs={"V": value}))
    assert str(caught.value) == problem


def test_decoding_gives_plain_json_for_open_members() -> None:
    values = {"a": [1, 2.5, "x", None, True, {"b": []}]}
    claim = Finished(RUN, 1, RunResult.SUCCEEDED, outputs=values)
    assert json.loads(encode(claim))["outputs"] == values
    assert decode(encode(Claim(1, ((RUN, 2),), 0.5, "1")), Claim) == Claim(1, ((RUN, 2),), 0.5, "1")


def test_a_value_of_any_shape_is_written_and_refused_alike() -> None:
    assert encode({"N": [Decimal("0.10"), None, "ü"]}) == '{"N":[0.10,null,"ü"]}'.encode()
    with pytest.raises(BadMessage, match="message: it is nested more than 200 levels deep"):
        encode(endless())
    with pytest.raises(BadMessage, match="message: it cannot be written as JSON"):
        encode({"N": 9 ** (sys.get_int_max_str_digits() * 2)})


def test_threads_that_read_their_first_messages_at_the_same_time_do_not_crash() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_READERS], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("0\n", "")


FIRST_READERS = """
import os, random, sys, threading, time
from uuid import UUID
from deskhand.protocol.codec import decode, encode
from deskhand.protocol.messages import DebugPhase, DebugState, Report

sys.setswitchinterval(1e-6)
state = DebugState(UUID(int=1), 1, 1, 1, DebugPhase.RUNNING)
text, report = encode(state), encode(Report((state,)))

def read(kind, content, after):
    start.wait()
    time.sleep(after)  # the second shall come while the first still learns the classes
    for _ in range(20):
        decode(content, kind)

crashed = 0
for _ in range(250):  # each in a process that has read nothing yet
    child = os.fork()
    if child == 0:
        start = threading.Barrier(2)
        threads = [
            threading.Thread(target=read, args=(Report, report, 0)),
            threading.Thread(target=read, args=(DebugState, text, random.random() * 0.002)),
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        os._exit(0)
    crashed += os.waitpid(child, 0)[1] != 0
print(crashed)
"""
