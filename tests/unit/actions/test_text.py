from __future__ import annotations

import string
from datetime import datetime
from decimal import Decimal

import pytest

from deskhand.actions.text import actions as text
from deskhand.actions.text.choices import (
    CaseOption,
    PadPosition,
    RecognizerLanguage,
    RecognizerMode,
    StandardDelimiter,
    TrimOption,
    WellKnownDateTimeFormat,
)
from deskhand.actions.text.errors import (
    InvalidArgument,
    InvalidExpression,
    InvalidFormat,
    NotADatetime,
    NotANumber,
    OutOfRange,
)
from deskhand.robin.catalog import ActionContext
from deskhand.robin.values import DataTable

MOMENT = datetime(2026, 3, 1, 8, 4, 41)


def test_a_line_is_appended_after_a_line_end() -> None:
    assert text.append_line("one", "two") == "one\r\ntwo"
    assert text.append_line("", "") == "\r\n"


@pytest.mark.parametrize(
    ("case", "result"),
    [
        (CaseOption.UPPER, "IT'S ÉLAN VITAL. A B2C IDEA! “YES”"),
        (CaseOption.LOWER, "it's élan vital. a b2c idea! “yes”"),
        (CaseOption.TITLE, "It's Élan Vital. A B2c Idea! “Yes”"),
        (CaseOption.SENTENCE, "It's élan vital. A b2c idea! “Yes”"),
    ],
)
def test_case_is_changed(case: CaseOption, result: str) -> None:
    assert text.change_case("it's ÉLAN Vital. a B2C idea! “yes”", case) == result


@pytest.mark.parametrize(
    ("form", "american", "german"),
    [
        (WellKnownDateTimeFormat.SHORT_DATE, "3/1/2026", "01.03.2026"),
        (WellKnownDateTimeFormat.LONG_DATE, "Sunday, March 1, 2026", "Sonntag, 1. März 2026"),
        (WellKnownDateTimeFormat.SHORT_TIME, "8:04 AM", "08:04"),
        (WellKnownDateTimeFormat.LONG_TIME, "8:04:41 AM", "08:04:41"),
        (
            WellKnownDateTimeFormat.FULL_SHORT,
            "Sunday, March 1, 2026 8:04 AM",
            "Sonntag, 1. März 2026 08:04",
        ),
        (
            WellKnownDateTimeFormat.FULL_LONG,
            "Sunday, March 1, 2026 8:04:41 AM",
            "Sonntag, 1. März 2026 08:04:41",
        ),
        (WellKnownDateTimeFormat.GENERAL_SHORT, "3/1/2026 8:04 AM", "01.03.2026 08:04"),
        (WellKnownDateTimeFormat.GENERAL_LONG, "3/1/2026 8:04:41 AM", "01.03.2026 08:04:41"),
        (WellKnownDateTimeFormat.SORTABLE, "2026-03-01T08:04:41", "2026-03-01T08:04:41"),
    ],
)
def test_a_datetime_is_written_in_the_culture(
    context: ActionContext,
    german_context: ActionContext,
    form: WellKnownDateTimeFormat,
    american: str,
    german: str,
) -> None:
    assert text.datetime_to_text(context, MOMENT, form) == american
    assert text.datetime_to_text(german_context, MOMENT, form) == german


def test_a_datetime_is_written_in_a_form_of_ones_own(context: ActionContext) -> None:
    assert text.datetime_to_custom_text(context, MOMENT, "yyyyMMdd_HHmmss") == "20260301_080441"


def test_a_form_that_net_refuses_is_an_error(context: ActionContext) -> None:
    with pytest.raises(InvalidFormat, match="‘'open’"):
        text.datetime_to_custom_text(context, MOMENT, "'open")


def test_a_datetime_is_read_by_culture_and_then_by_international_rules(german_context: ActionContext) -> None:
    assert text.text_to_datetime(german_context, "1.3.2026 8:04") == datetime(2026, 3, 1, 8, 4)
    assert text.text_to_datetime(german_context, "March 1, 2026 8:04 PM") == datetime(2026, 3, 1, 20, 4)
    assert text.text_to_datetime(german_context, "8:04") == datetime(2026, 3, 1, 8, 4)


def test_a_datetime_is_read_in_a_form_of_ones_own(context: ActionContext) -> None:
    assert text.custom_text_to_datetime(context, "01032026", "ddMMyyyy") == datetime(2026, 3, 1)


def test_what_is_no_datetime_is_an_error(context: ActionContext) -> None:
    with pytest.raises(NotADatetime, match="‘yesterday’ is no date and time of the form en-US"):
        text.text_to_datetime(context, "yesterday")
    with pytest.raises(NotADatetime, match=r"‘1\.3\.26’ is no date and time of the form ‘ddMMyyyy’"):
        text.custom_text_to_datetime(context, "1.3.26", "ddMMyyyy")
    with pytest.raises(InvalidFormat):
        text.custom_text_to_datetime(context, "1.3.26", "%")


def test_html_is_kept_as_it_is() -> None:
    assert text.create_html_content("<p>Hi &amp; bye</p>") == "<p>Hi &amp; bye</p>"


def test_text_is_cropped_at_flags() -> None:
    assert text.crop_before("a: b: c", ": ") == ("a", True)
    assert text.crop_after("a: b: c", ": ") == ("b: c", True)
    assert text.crop_between("<b>x</b><b>y</b>", "<b>", "</b>") == ("x", True)
    assert text.crop_between("abcabd", "B", "D", ignore_case=True) == ("cab", True)


def test_text_without_the_flag_stays_whole() -> None:
    assert text.crop_before("abc", "B") == ("abc", False)
    assert text.crop_after("", "x") == ("", False)
    assert text.crop_between("abc", "b", "a") == ("abc", False)


def test_flags_are_no_expressions() -> None:
    assert text.crop_after("1+1=2 (sum)", "(") == ("sum)", True)


def test_special_characters_are_escaped() -> None:
    assert text.escape_for_regular_expression("1+1 = $2]") == r"1\+1\ =\ \$2]"


@pytest.mark.parametrize(
    ("number", "places", "separator", "american", "german"),
    [
        (Decimal("1234.565"), 2, True, "1,234.57", "1.234,57"),
        (Decimal("-1234.565"), 2, False, "-1234.57", "-1234,57"),
        (1234, 0, True, "1,234", "1.234"),
        (0, 3, True, "0.000", "0,000"),
    ],
)
def test_a_number_is_written_in_the_culture(
    context: ActionContext,
    german_context: ActionContext,
    number: Decimal | int,
    places: int,
    separator: bool,
    american: str,
    german: str,
) -> None:
    assert text.from_number(context, number, places, separator) == american
    assert text.from_number(german_context, number, places, separator) == german


def test_negative_decimal_places_are_an_error(context: ActionContext) -> None:
    with pytest.raises(InvalidArgument) as caught:
        text.from_number(context, 1, -1)

    assert str(caught.value) == "‘DecimalPlaces’ is -1; it must be between 0 and 99."


def test_parts_of_a_text_are_taken() -> None:
    assert text.get_subtext("Grüße 🙂!", 6, 2) == "🙂!"
    assert text.get_subtext("abc", 3, 0) == ""
    assert text.get_subtext_from("abc", 1) == "bc"
    assert text.get_subtext_from_start("abc", 2) == "ab"
    assert text.get_text("abc") == "abc"


@pytest.mark.parametrize(("start", "length"), [(-1, 1), (0, -1), (2, 2), (4, 0)])
def test_a_part_that_is_not_there_is_an_error(start: int, length: int) -> None:
    with pytest.raises(OutOfRange):
        text.get_subtext("abc", start, length)


@pytest.mark.parametrize("start", [-1, 4])
def test_a_start_outside_the_text_is_an_error(start: int) -> None:
    with pytest.raises(OutOfRange) as caught:
        text.get_subtext_from("abc", start)

    assert str(caught.value) == (
        f"The text has 3 characters, and position {start} lies outside; count from 0."
    )


def test_items_are_joined() -> None:
    assert text.join(["a", "b"]) == "ab"
    assert text.join_with_delimiter(["a", "b"]) == "a b"
    assert text.join_with_delimiter(["a", "b"], StandardDelimiter.NEW_LINE, 2) == "a\r\n\r\nb"
    assert text.join_with_delimiter(["a", "b"], StandardDelimiter.TAB, 0) == "ab"
    assert text.join_with_custom_delimiter(["a", "", "b"], ", ") == "a, , b"
    assert text.join_with_custom_delimiter([], ", ") == ""


def test_text_is_padded_to_a_length() -> None:
    assert text.pad("7", PadPosition.LEFT, "0", 3) == "007"
    assert text.pad("7", PadPosition.RIGHT, "ab", 4) == "7aba"
    assert text.pad("long", PadPosition.LEFT, "0", 3) == "long"
    assert text.pad("7", PadPosition.RIGHT, "", 3) == "7  "


def test_places_of_a_text_are_found() -> None:
    assert text.parse("banana", "an") == [1, 3]
    assert text.parse("banana", "AN") == []
    assert text.parse("banana", "AN", ignore_case=True) == [1, 3]
    assert text.parse("banana", "an", starting_position=2) == [3]
    assert text.parse("a.b", ".") == [1]
    assert text.parse("abc", "") == []
    assert text.parse_first("banana", "an", 2) == 3
    assert text.parse_first("banana", "x") == -1
    assert text.parse_first("abc", "c", 99) == -1


def test_matches_of_an_expression_are_found() -> None:
    assert text.regex_parse("No = 12, No=3", r"(?<=No\s*=\s*)\d+") == ([5, 12], ["12", "3"])
    assert text.regex_parse("aA", "a", ignore_case=True) == ([0, 1], ["a", "A"])
    assert text.regex_parse("abc", "x") == ([], [])
    assert text.regex_parse_first("ab12cd34", r"\d+", 4) == (6, "34")
    assert text.regex_parse_first("abc", r"\d") == (-1, "")


@pytest.mark.parametrize(
    "call",
    [
        lambda: text.regex_parse("a", "("),
        lambda: text.regex_parse_first("a", "["),
        lambda: text.replace_with_regex("a", "*", ""),
        lambda: text.split_with_delimiter("a", "(", is_reg_ex=True),
    ],
)
def test_a_bad_expression_is_an_error(call: object) -> None:
    assert callable(call)
    with pytest.raises(InvalidExpression, match="The regular expression"):
        call()


def test_random_text_keeps_to_its_letters_and_length() -> None:
    made = {text.random_text(True, False, True, False, 3, 5) for _ in range(200)}

    assert {len(one) for one in made} == {3, 4, 5}
    assert set("".join(made)) <= set(string.ascii_uppercase + string.digits)
    assert text.random_text(minimum_length=0, maximum_length=0) == ""


def test_random_text_needs_letters_and_a_length() -> None:
    with pytest.raises(InvalidArgument):
        text.random_text(False, False, False, False)
    with pytest.raises(InvalidArgument):
        text.random_text(minimum_length=5, maximum_length=4)


def test_text_is_replaced_literally() -> None:
    assert text.replace_text("a.b.c", ".", "$1") == "a$1b$1c"
    assert text.replace_text("Aa", "a", "x", ignore_case=True) == "xx"
    assert text.replace_text("a,b", ",", r"\n", activate_escape_sequences=True) == "a\nb"
    assert text.replace_text("a\tb", r"\t", r"\\t\q", activate_escape_sequences=True) == r"a\t\qb"
    assert text.replace_text("abc", "", "x") == "abc"


def test_matches_are_replaced_with_groups() -> None:
    assert text.replace_with_regex("john smith", r"(?<a>\w+) (\w+)", "$1 ${a}") == "smith john"
    assert text.replace_with_regex("A1", r"[a-z]\d", r"x\n", True, True) == "x\n"


def test_the_older_form_does_either() -> None:
    assert text.replace("a.c", ".", "-") == "a-c"
    assert text.replace("abc", ".", "-", is_reg_ex=True) == "---"


def test_reversing_keeps_characters_whole() -> None:
    assert text.reverse("ab e\u0301👩‍👧") == "👩‍👧e\u0301 ba"


def test_text_is_split() -> None:
    assert text.split("a b  c") == ["a", "b", "", "c"]
    assert text.split("a  b", StandardDelimiter.SPACE, 2) == ["a", "b"]
    assert text.split("a\tb", StandardDelimiter.TAB) == ["a", "b"]
    assert text.split("a\r\nb\nc", StandardDelimiter.NEW_LINE) == ["a", "b", "c"]
    assert text.split("") == [""]
    assert text.split_with_delimiter("a.b.", ".") == ["a", "b", ""]
    assert text.split_with_delimiter("a1b22c", r"\d+", is_reg_ex=True) == ["a", "b", "c"]
    assert text.split_with_delimiter("abc", "") == ["abc"]
    assert text.split_at_number_of_characters("abcde", 2) == ["ab", "cd", "e"]
    assert text.split_at_number_of_characters("", 2) == []


def test_parts_have_at_least_one_character() -> None:
    with pytest.raises(InvalidArgument):
        text.split_at_number_of_characters("abc", 0)


def test_a_number_is_read_in_the_culture(context: ActionContext, german_context: ActionContext) -> None:
    assert text.to_number(context, " 1,234.50 ") == Decimal("1234.5")
    assert text.to_number(german_context, "1.234,50-") == Decimal("-1234.5")


@pytest.mark.parametrize("wrong", ["", "abc", "1e3"])
def test_what_is_no_number_is_an_error(context: ActionContext, wrong: str) -> None:
    with pytest.raises(NotANumber) as caught:
        text.to_number(context, wrong)

    assert str(caught.value) == f"‘{wrong}’ is no number."


def test_white_space_is_trimmed() -> None:
    assert text.trim("\t\u00a0 a b \u3000\r\n") == "a b"
    assert text.trim(" a ", TrimOption.FROM_START) == "a "
    assert text.trim(" a ", TrimOption.TO_END) == " a"
    assert text.trim("\u200ba") == "\u200ba"


@pytest.mark.parametrize(
    ("mode", "source", "entities"),
    [
        (
            RecognizerMode.EMAIL,
            "Write to a.b+c@example.co.uk, or d@e.org.",
            [("a.b+c@example.co.uk", "a.b+c@example.co.uk"), ("d@e.org", "d@e.org")],
        ),
        (RecognizerMode.URL, "See https://a.b/c?d=e, www.f.gh.", ["https://a.b/c?d=e", "www.f.gh"]),
        (
            RecognizerMode.GUID,
            "id 3F2504E0-4F89-11D3-9A0C-0305E82C3301!",
            ["3F2504E0-4F89-11D3-9A0C-0305E82C3301"],
        ),
        (RecognizerMode.IP_ADDRESS, "10.0.0.1, 999.1.1.1 and fe80::1", ["10.0.0.1", "fe80::1"]),
        (RecognizerMode.MENTION, "@ann and b@c", ["@ann"]),
        (RecognizerMode.HASHTAG, "#one a#b #two", ["#one", "#two"]),
        (RecognizerMode.QUOTED_TEXT, '“a b” and "c" don\'t', ["a b", "c"]),
        (
            RecognizerMode.PHONE_NUMBER,
            "Call +49 30 1234567 or (212) 555-0100, not 12",
            ["+49 30 1234567", "(212) 555-0100"],
        ),
        (RecognizerMode.NUMBER, "1,234.5 and -7", [("1234.5", "1,234.5"), ("-7", "-7")]),
        (RecognizerMode.NUMBER_RANGE, "from 2 to 5", [("(2,5)", "from 2 to 5")]),
        (RecognizerMode.ORDINAL, "the 21st and third", [("21", "21st"), ("3", "third")]),
        (RecognizerMode.PERCENTAGE, "12.5% or 3 percent", [("12.5%", "12.5%"), ("3%", "3 percent")]),
        (RecognizerMode.CURRENCY, "$1,200 and 5 euros", [("1200 $", "$1,200"), ("5 euros", "5 euros")]),
        (RecognizerMode.DIMENSION, "5 km or 3 inches", [("5 km", "5 km"), ("3 inches", "3 inches")]),
        (RecognizerMode.TEMPERATURE, "-5 °C", [("-5 °C", "-5 °C")]),
        (
            RecognizerMode.DATE_TIME,
            "From March 5, 2026 at 3pm to 2026-04-01, then 12:30",
            [
                ("2026-03-05 15:00:00", "March 5, 2026 at 3pm"),
                ("2026-04-01", "2026-04-01"),
                ("12:30:00", "12:30"),
            ],
        ),
    ],
)
def test_entities_are_recognized(
    context: ActionContext, mode: RecognizerMode, source: str, entities: list[str | tuple[str, str]]
) -> None:
    pairs = [(one, one) if isinstance(one, str) else one for one in entities]

    recognized = text.recognize_entities(context, source, mode)

    assert recognized == DataTable(
        ["Value", "Original text", "Entity type"],
        [[value, original, mode.value] for value, original in pairs],
    )


def test_recognition_of_a_long_text_without_blanks_ends(context: ActionContext) -> None:
    assert text.recognize_entities(context, "a" * 200_000, RecognizerMode.EMAIL).rows == []


def test_the_language_decides_how_entities_are_written(context: ActionContext) -> None:
    recognized = text.recognize_entities(
        context, "am 5. März 2026: 1.234,5", RecognizerMode.DATE_TIME, RecognizerLanguage.GERMAN
    )

    assert recognized.rows == [["2026-03-05", "5. März 2026", "DateTime"]]
