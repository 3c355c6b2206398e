"""Flow texts from files, pastes and pages."""

from __future__ import annotations

import codecs

import pytest

from deskhand.solutions.content import Content, DesktopFlow
from deskhand.solutions.errors import NothingToImport
from deskhand.solutions.text import decode_text, read_text, unfence

TEXT = "SET Größe TO $'''件数 😀'''\r\n" * 3


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
    ],
)
def test_every_unicode_encoding_is_read(data: bytes) -> None:
    assert decode_text("a.robin", data) == TEXT


@pytest.mark.parametrize("data", [b"\xff\x00\xfe", b"SET A\xe9", b"a" * 300 + b"\x00"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(NothingToImport, match="it is no text"):
        decode_text("a.robin", data)


def test_a_text_becomes_a_flow_that_is_known_by_its_name() -> None:
    assert read_text("a.robin", "a", b"EXIT") == Content(
        "a.robin", desktop_flows=(DesktopFlow(None, "a", definition="EXIT"),)
    )


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(NothingToImport, match="it is empty"):
        read_text("a.robin", "a", b" \n")


PAGE = """# My flow

Some words.

## Subflow: `Do it`
```robin
SET A TO 1
```

### Main
~~~
CALL 'Do it'
~~~
## Whole
```
FUNCTION Whole GLOBAL
    EXIT FUNCTION
END FUNCTION
```
"""


def test_a_page_yields_one_subflow_for_each_fence() -> None:
    assert unfence(PAGE) == (
        "CALL 'Do it'\n"
        "FUNCTION 'Do it' GLOBAL\nSET A TO 1\nEND FUNCTION\n"
        "FUNCTION Whole GLOBAL\n    EXIT FUNCTION\nEND FUNCTION"
    )


def test_a_fence_without_an_end_reaches_to_the_end_of_the_page() -> None:
    assert unfence("words\n```\nSET A TO 1\nEXIT") == "SET A TO 1\nEXIT"


def test_fences_inside_a_literal_are_letters_of_the_flow() -> None:
    text = "SET Prompt TO $'''Answer with\n```json\n{}\n```\nonly'''\n"
    assert unfence(text) == text


def test_comments_of_a_flow_are_no_headings() -> None:
    text = "# Main\nSET A TO 1\n"
    assert unfence(text) == text
