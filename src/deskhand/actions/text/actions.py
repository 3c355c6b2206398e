"""The Text actions. Source: actions.yaml, group Text; robin 6.7."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

import regex

from deskhand.actions.text.choices import (
    CaseOption,
    PadPosition,
    RecognizerLanguage,
    RecognizerMode,
    StandardDelimiter,
    TextComparisonType,
    TrimOption,
    WellKnownDateTimeFormat,
    text,
)
from deskhand.actions.text.entities import COLUMNS, recognize
from deskhand.actions.text.errors import (
    InvalidArgument,
    InvalidExpression,
    InvalidFormat,
    NotADatetime,
    NotANumber,
    OutOfRange,
    RecognitionTooSlow,
)
from deskhand.dotnet import errors as dotnet_errors
from deskhand.dotnet.cultures import culture_named, invariant
from deskhand.dotnet.date_parsing import parse_date, parse_date_exact
from deskhand.dotnet.dates import format_date
from deskhand.dotnet.numbers import Number, format_number, parse_number
from deskhand.dotnet.regexes import TIME_LIMIT, Expression, compile_expression, escape_expression
from deskhand.robin.catalog import ActionContext
from deskhand.robin.values import DataTable

__all__ = ["text"]

_NEW_LINE = "\r\n"
_WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_ESCAPES = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "f": "\f",
    "a": "\a",
    "b": "\b",
    "0": "\0",
    "\\": "\\",
}
_STANDARD_FORMATS = {
    WellKnownDateTimeFormat.SHORT_DATE: "d",
    WellKnownDateTimeFormat.LONG_DATE: "D",
    WellKnownDateTimeFormat.SHORT_TIME: "t",
    WellKnownDateTimeFormat.LONG_TIME: "T",
    WellKnownDateTimeFormat.FULL_SHORT: "f",
    WellKnownDateTimeFormat.FULL_LONG: "F",
    WellKnownDateTimeFormat.GENERAL_SHORT: "g",
    WellKnownDateTimeFormat.GENERAL_LONG: "G",
    WellKnownDateTimeFormat.SORTABLE: "s",
}
_WHOLE_CHARACTERS = (
    "Positions and lengths count whole characters; the original counts an emoji and other characters "
    "beyond the first 65,536 as two."
)


class Cropped(NamedTuple):
    """What *Crop text* yields.

    Attributes:
        cropped_text: The part that was kept; the whole text if a flag is missing.
        is_flag_found: Whether every flag was found.
    """

    cropped_text: str
    is_flag_found: bool


class FirstMatch(NamedTuple):
    """What a search for the first match of a regular expression yields.

    Attributes:
        position: Where the match begins; -1 if there is none.
        match: What matched; empty if nothing did.
    """

    position: int
    match: str


class AllMatches(NamedTuple):
    """What a search for all matches of a regular expression yields.

    Attributes:
        positions: Where each match begins.
        matches: What matched.
    """

    positions: list[int]
    matches: list[str]


@text.action(
    "AppendLine",
    label="Append line to text",
    summary="Append line {LineToAppend} to {Text}",
    outputs=("Result",),
    labels={"text": "Original text", "line_to_append": "Line to append"},
)
def append_line(text: str, line_to_append: str = "") -> str:
    """Put a text on a new line after another.

    Args:
        text: The text to append to.
        line_to_append: The new last line.

    Returns:
        The longer text.
    """
    return f"{text}{_NEW_LINE}{line_to_append}"


@text.action(
    "ChangeCase",
    label="Change text case",
    summary="Change the case of {Text} to {NewCase}",
    outputs=("Result",),
    variables=("TextWithNewCase",),
    labels={"text": "Text to convert", "new_case": "Convert to"},
)
def change_case(text: str = "", new_case: CaseOption = CaseOption.UPPER) -> str:
    """Write a text in upper, lower, title or sentence case.

    Args:
        text: The text to convert.
        new_case: Upper case, lower case, Each Word Capitalized, or a capital at each sentence's start.

    Returns:
        The converted text.
    """
    lower = text.lower()
    if new_case is CaseOption.TITLE:
        return regex.sub(r"\p{L}[\p{L}\p{M}\p{N}_'’]*", _capitalized, lower)
    if new_case is CaseOption.SENTENCE:
        return regex.sub(r"(?:^|[.!?…]\s+|[\r\n]\s*)\P{L}*?\p{L}", _last_letter_capitalized, lower)
    return lower if new_case is CaseOption.LOWER else text.upper()


def _capitalized(word: regex.Match[str]) -> str:
    return word.group()[0].title() + word.group()[1:]


def _last_letter_capitalized(opening: regex.Match[str]) -> str:
    return opening.group()[:-1] + opening.group()[-1].title()


@text.action(
    "ConvertDateTimeToText",
    variant="FromDateTime",
    label="Convert datetime to text",
    summary="Convert {DateTime} to text as {StandardFormat}",
    outputs=("Result",),
    variables=("FormattedDateTime",),
    names={"moment": "DateTime"},
    labels={"moment": "Datetime to convert", "standard_format": "Standard format"},
)
def datetime_to_text(
    context: ActionContext,
    moment: datetime,
    standard_format: WellKnownDateTimeFormat = WellKnownDateTimeFormat.SHORT_DATE,
) -> str:
    """Write a datetime in one of the culture's own formats.

    Args:
        moment: The datetime to write.
        standard_format: Which of the culture's formats to use.

    Returns:
        The datetime as text.
    """
    return format_date(moment, _STANDARD_FORMATS[standard_format], culture_named(context.culture))


@text.action(
    "ConvertDateTimeToText",
    variant="FromCustomDateTime",
    label="Convert datetime to text",
    summary="Convert {DateTime} to text in the form {CustomFormat}",
    outputs=("Result",),
    variables=("FormattedDateTime",),
    errors=(InvalidFormat,),
    names={"moment": "DateTime"},
    labels={"moment": "Datetime to convert", "custom_format": "Custom format"},
)
def datetime_to_custom_text(context: ActionContext, moment: datetime, custom_format: str) -> str:
    """Write a datetime in a form of your own, such as yyyy-MM-dd HH:mm.

    Args:
        moment: The datetime to write.
        custom_format: The form: yyyy year, MM month, dd day, HH hour, mm minute, ss second.

    Returns:
        The datetime as text.
    """
    try:
        return format_date(moment, custom_format, culture_named(context.culture))
    except dotnet_errors.BadFormat as problem:
        raise InvalidFormat(problem.message) from problem


@text.action(
    "ConvertTextToDateTime",
    variant="ToDateTime",
    label="Convert text to datetime",
    summary="Convert {Text} to a datetime",
    outputs=("DateTime",),
    variables=("TextAsDateTime",),
    errors=(NotADatetime,),
    labels={"text": "Text to convert"},
)
def text_to_datetime(context: ActionContext, text: str) -> datetime:
    """Read a date and time as the culture writes them, or in an international form.

    Args:
        text: The text to read.

    Returns:
        The datetime; a text with a zone becomes the machine's local time.
    """
    today = context.now().date()
    culture = culture_named(context.culture)
    try:
        return parse_date(text, culture, today).to_local()
    except dotnet_errors.NotADate as problem:
        try:
            return parse_date(text, invariant(), today).to_local()
        except dotnet_errors.NotADate:
            raise NotADatetime(problem.message) from problem


@text.action(
    "ConvertTextToDateTime",
    variant="ToDateTimeCustomFormat",
    label="Convert text to datetime",
    summary="Convert {Text} of the form {CustomFormat} to a datetime",
    outputs=("DateTime",),
    variables=("TextAsDateTime",),
    errors=(NotADatetime, InvalidFormat),
    labels={"text": "Text to convert", "custom_format": "Custom format"},
)
def custom_text_to_datetime(context: ActionContext, text: str, custom_format: str) -> datetime:
    """Read a date and time that follows a form of your own, such as dd.MM.yyyy.

    Args:
        text: The text to read.
        custom_format: The form: yyyy year, MM month, dd day, HH hour, mm minute, ss second.

    Returns:
        The datetime; a text with a zone becomes the machine's local time.
    """
    culture = culture_named(context.culture)
    try:
        return parse_date_exact(text, custom_format, culture, context.now().date()).to_local()
    except dotnet_errors.NotADate as problem:
        raise NotADatetime(problem.message) from problem
    except dotnet_errors.BadFormat as problem:
        raise InvalidFormat(problem.message) from problem


@text.action(
    "CreateHTMLContent",
    label="Create HTML content",
    summary="Create HTML content",
    outputs=("HtmlContent",),
    labels={"html_editor": "HTML editor"},
)
def create_html_content(html_editor: str) -> str:
    """Keep a text that was composed in the designer's HTML editor.

    Args:
        html_editor: The HTML, with its variables filled in.

    Returns:
        The same HTML.
    """
    return html_editor


@text.action(
    "CropText",
    variant="CropTextBeforeFlag",
    label="Crop text",
    summary="Crop {Text} before {ToFlag}",
    outputs=("CroppedText", "IsFlagFound"),
)
def crop_before(text: str, to_flag: str, ignore_case: bool = False) -> Cropped:
    """Keep what stands before the first place where a flag text occurs.

    Args:
        text: The text to crop.
        to_flag: The flag; it is not part of the result.
        ignore_case: Whether capital and small letters are the same.

    Returns:
        The part, and whether the flag was found.
    """
    found = _literal(to_flag, ignore_case).first(text)
    return Cropped(text[: found.start], True) if found else Cropped(text, False)


@text.action(
    "CropText",
    variant="CropTextAfterFlag",
    label="Crop text",
    summary="Crop {Text} after {FromFlag}",
    outputs=("CroppedText", "IsFlagFound"),
)
def crop_after(text: str, from_flag: str, ignore_case: bool = False) -> Cropped:
    """Keep what stands after the first place where a flag text occurs.

    Args:
        text: The text to crop.
        from_flag: The flag; it is not part of the result.
        ignore_case: Whether capital and small letters are the same.

    Returns:
        The part, and whether the flag was found.
    """
    found = _literal(from_flag, ignore_case).first(text)
    return Cropped(text[found.end :], True) if found else Cropped(text, False)


@text.action(
    "CropText",
    variant="CropTextBetweenFlags",
    label="Crop text",
    summary="Crop {Text} between {FromFlag} and {ToFlag}",
    outputs=("CroppedText", "IsFlagFound"),
)
def crop_between(text: str, from_flag: str, to_flag: str, ignore_case: bool = False) -> Cropped:
    """Keep what stands between the first flag text and the next place where the second occurs.

    Args:
        text: The text to crop.
        from_flag: The flag at the start; it is not part of the result.
        to_flag: The flag at the end; it is not part of the result.
        ignore_case: Whether capital and small letters are the same.

    Returns:
        The part, and whether both flags were found.
    """
    first = _literal(from_flag, ignore_case).first(text)
    last = _literal(to_flag, ignore_case).first(text, first.end) if first else None
    if first is None or last is None:
        return Cropped(text, False)
    return Cropped(text[first.end : last.start], True)


def _literal(text: str, ignore_case: bool) -> Expression:
    return compile_expression(escape_expression(text), ignore_case=ignore_case)


@text.action(
    "EscapeForRegularExpression",
    label="Escape text for regular expression",
    summary="Escape {Text} for use in a regular expression",
    outputs=("EscapedText",),
    labels={"text": "Text to escape"},
)
def escape_for_regular_expression(text: str) -> str:
    r"""Write a text so that a regular expression takes it literally.

    Args:
        text: The text to escape.

    Returns:
        The text with a backslash before every special character.
    """
    return escape_expression(text)


@text.action(
    "FromNumber",
    label="Convert number to text",
    summary="Convert {Number} to text with {DecimalPlaces} decimal places",
    outputs=("FormattedNumber",),
    errors=(InvalidArgument,),
    labels={
        "number": "Number to convert",
        "decimal_places": "Decimal places",
        "use_thousands_separator": "Use thousands separator",
    },
)
def from_number(
    context: ActionContext, number: Number, decimal_places: int = 2, use_thousands_separator: bool = True
) -> str:
    """Write a number with a fixed count of decimal places, in the culture's separators.

    Args:
        number: The number to write.
        decimal_places: How many digits stand after the decimal separator; halves round away from zero.
        use_thousands_separator: Whether groups of three digits are set apart.

    Returns:
        The number as text.
    """
    if not 0 <= decimal_places <= 99:
        raise InvalidArgument("DecimalPlaces", decimal_places, "between 0 and 99")
    form = "N" if use_thousands_separator else "F"
    return format_number(number, f"{form}{decimal_places}", culture_named(context.culture))


@text.action(
    "GetSubtext",
    variant="GetSubtext",
    label="Get subtext",
    summary="Get {NumberOfChars} characters of {Text} from position {CharacterPosition}",
    outputs=("Subtext",),
    errors=(OutOfRange,),
    labels={
        "text": "Original text",
        "character_position": "Character position",
        "number_of_chars": "Number of chars",
    },
    differs=_WHOLE_CHARACTERS,
)
def get_subtext(text: str, character_position: int, number_of_chars: int) -> str:
    """Take part of a text.

    Args:
        text: The text to take from.
        character_position: Where the part begins; the first character is at 0.
        number_of_chars: How many characters it has.

    Returns:
        The part.
    """
    return _part(text, character_position, number_of_chars)


@text.action(
    "GetSubtext",
    variant="GetSubtextFrom",
    label="Get subtext",
    summary="Get what stands in {Text} from position {CharacterPosition} on",
    outputs=("Subtext",),
    errors=(OutOfRange,),
    labels={"text": "Original text", "character_position": "Character position"},
    differs=_WHOLE_CHARACTERS,
)
def get_subtext_from(text: str, character_position: int) -> str:
    """Take the end of a text.

    Args:
        text: The text to take from.
        character_position: Where the part begins; the first character is at 0.

    Returns:
        The part.
    """
    if not 0 <= character_position <= len(text):
        raise OutOfRange(character_position, None, len(text))
    return text[character_position:]


@text.action(
    "GetSubtext",
    variant="GetSubtextFromStartTo",
    label="Get subtext",
    summary="Get the first {NumberOfChars} characters of {Text}",
    outputs=("Subtext",),
    errors=(OutOfRange,),
    labels={"text": "Original text", "number_of_chars": "Number of chars"},
    differs=_WHOLE_CHARACTERS,
)
def get_subtext_from_start(text: str, number_of_chars: int) -> str:
    """Take the start of a text.

    Args:
        text: The text to take from.
        number_of_chars: How many characters the part has.

    Returns:
        The part.
    """
    return _part(text, 0, number_of_chars)


@text.action(
    "GetSubtext",
    variant="GetText",
    label="Get subtext",
    summary="Get all of {Text}",
    outputs=("Subtext",),
    errors=(OutOfRange,),
    labels={"text": "Original text"},
)
def get_text(text: str) -> str:
    """Take a whole text.

    Args:
        text: The text to take.

    Returns:
        The same text.
    """
    return text


def _part(text: str, start: int, length: int) -> str:
    if start < 0 or length < 0 or start + length > len(text):
        raise OutOfRange(start, length, len(text))
    return text[start : start + length]


@text.action(
    "JoinText",
    variant="Join",
    label="Join text",
    summary="Join the items of {List}",
    outputs=("Result",),
    variables=("JoinedText",),
    names={"items": "List"},
    labels={"items": "Specify the list to join"},
)
def join(items: list[str]) -> str:
    """Put the items of a list together to one text, nothing between them.

    Args:
        items: The list to join.

    Returns:
        The joined text.
    """
    return "".join(items)


@text.action(
    "JoinText",
    variant="JoinWithDelimiter",
    label="Join text",
    summary="Join the items of {List}, with {StandardDelimiter} between them",
    outputs=("Result",),
    variables=("JoinedText",),
    names={"items": "List"},
    labels={
        "items": "Specify the list to join",
        "standard_delimiter": "Standard delimiter",
        "delimiter_times": "Times",
    },
)
def join_with_delimiter(
    items: list[str],
    standard_delimiter: StandardDelimiter = StandardDelimiter.SPACE,
    delimiter_times: int = 1,
) -> str:
    """Put the items of a list together to one text, blanks, tabs or line breaks between them.

    Args:
        items: The list to join.
        standard_delimiter: What stands between the items.
        delimiter_times: How many of it.

    Returns:
        The joined text.
    """
    delimiters = {StandardDelimiter.SPACE: " ", StandardDelimiter.TAB: "\t"}
    return (delimiters.get(standard_delimiter, _NEW_LINE) * max(delimiter_times, 0)).join(items)


@text.action(
    "JoinText",
    variant="JoinWithCustomDelimiter",
    label="Join text",
    summary="Join the items of {List}, with {CustomDelimiter} between them",
    outputs=("Result",),
    variables=("JoinedText",),
    names={"items": "List"},
    labels={"items": "Specify the list to join", "custom_delimiter": "Custom delimiter"},
)
def join_with_custom_delimiter(items: list[str], custom_delimiter: str) -> str:
    """Put the items of a list together to one text, a text of your own between them.

    Args:
        items: The list to join.
        custom_delimiter: What stands between the items.

    Returns:
        The joined text.
    """
    return custom_delimiter.join(items)


@text.action(
    "Pad",
    label="Pad text",
    summary="Fill {Text} to {TotalLength} characters with {PaddingText}",
    outputs=("PaddedText",),
    labels={
        "text": "Text to pad",
        "pad_position": "Pad",
        "padding_text": "Text for padding",
        "total_length": "Total length",
    },
)
def pad(
    text: str = "",
    pad_position: PadPosition = PadPosition.LEFT,
    padding_text: str = "",
    total_length: int = 10,
) -> str:
    """Fill a text up to a length.

    Args:
        text: The text to fill up; one that is long enough stays as it is.
        pad_position: The side where padding is added.
        padding_text: What is repeated to fill the room; blanks if empty.
        total_length: The length to reach.

    Returns:
        The filled text.
    """
    room = max(total_length - len(text), 0)
    padding = ((padding_text or " ") * room)[:room]
    return padding + text if pad_position is PadPosition.LEFT else text + padding


@text.action(
    "ParseText",
    variant="Parse",
    label="Parse text",
    summary="Find every {TextToFind} in {Text}",
    outputs=("OccurrencePositions",),
    variables=("Positions",),
    errors=(InvalidExpression,),
    labels={
        "text": "Text to parse",
        "text_to_find": "Text to find",
        "starting_position": "Start parsing at position",
        "ignore_case": "Ignore case",
    },
    differs=_WHOLE_CHARACTERS,
)
def parse(text: str, text_to_find: str, starting_position: int = 0, ignore_case: bool = False) -> list[int]:
    """Find all places where a text occurs in another.

    Args:
        text: The text to search.
        text_to_find: The text to look for.
        starting_position: Where the search begins; the first character is at 0.
        ignore_case: Whether capital and small letters are the same.

    Returns:
        The positions, counted from 0; empty if the text does not occur.
    """
    found = _literal(text_to_find, ignore_case).find(text, max(starting_position, 0))
    return [one.start for one in found] if text_to_find else []


@text.action(
    "ParseText",
    variant="ParseForFirstOccurrence",
    label="Parse text",
    summary="Find the first {TextToFind} in {Text}",
    outputs=("OccurrencePosition",),
    variables=("Position",),
    errors=(InvalidExpression,),
    labels={
        "text": "Text to parse",
        "text_to_find": "Text to find",
        "starting_position": "Start parsing at position",
        "ignore_case": "Ignore case",
    },
    differs=_WHOLE_CHARACTERS,
)
def parse_first(text: str, text_to_find: str, starting_position: int = 0, ignore_case: bool = False) -> int:
    """Find the first place where a text occurs in another.

    Args:
        text: The text to search.
        text_to_find: The text to look for.
        starting_position: Where the search begins; the first character is at 0.
        ignore_case: Whether capital and small letters are the same.

    Returns:
        The position, counted from 0; -1 if the text does not occur.
    """
    return next(iter(parse(text, text_to_find, starting_position, ignore_case)), -1)


@text.action(
    "ParseText",
    variant="RegexParse",
    label="Parse text",
    summary="Find every match of {TextToFind} in {Text}",
    outputs=("OccurrencePositions", "Matches"),
    variables=("Positions", "Matches"),
    errors=(InvalidExpression,),
    labels={
        "text": "Text to parse",
        "text_to_find": "Text to find",
        "starting_position": "Start parsing at position",
        "ignore_case": "Ignore case",
    },
    differs=_WHOLE_CHARACTERS,
)
def regex_parse(
    text: str, text_to_find: str, starting_position: int = 0, ignore_case: bool = False
) -> AllMatches:
    """Find all matches of a regular expression in a text.

    Args:
        text: The text to search.
        text_to_find: The regular expression, as .NET has them.
        starting_position: Where the search begins; the first character is at 0.
        ignore_case: Whether capital and small letters are the same.

    Returns:
        The positions and the texts of the matches.
    """
    try:
        expression = compile_expression(text_to_find, ignore_case=ignore_case)
        found = list(expression.find(text, max(starting_position, 0)))
    except (dotnet_errors.BadPattern, dotnet_errors.PatternTooSlow) as problem:
        raise InvalidExpression(problem.message) from problem
    return AllMatches([one.start for one in found], [one.text for one in found])


@text.action(
    "ParseText",
    variant="RegexParseForFirstOccurrence",
    label="Parse text",
    summary="Find the first match of {TextToFind} in {Text}",
    outputs=("OccurrencePosition", "Match"),
    variables=("Position", "Match"),
    errors=(InvalidExpression,),
    labels={
        "text": "Text to parse",
        "text_to_find": "Text to find",
        "starting_position": "Start parsing at position",
        "ignore_case": "Ignore case",
    },
    differs=_WHOLE_CHARACTERS,
)
def regex_parse_first(
    text: str, text_to_find: str, starting_position: int = 0, ignore_case: bool = False
) -> FirstMatch:
    """Find the first match of a regular expression in a text.

    Args:
        text: The text to search.
        text_to_find: The regular expression, as .NET has them.
        starting_position: Where the search begins; the first character is at 0.
        ignore_case: Whether capital and small letters are the same.

    Returns:
        The position and the text of the match; -1 and an empty text if there is none.
    """
    try:
        expression = compile_expression(text_to_find, ignore_case=ignore_case)
        found = expression.first(text, max(starting_position, 0))
    except (dotnet_errors.BadPattern, dotnet_errors.PatternTooSlow) as problem:
        raise InvalidExpression(problem.message) from problem
    return FirstMatch(found.start, found.text) if found else FirstMatch(-1, "")


@text.action(
    "Random",
    label="Create random text",
    summary="Create a random text of {MinimumLength} to {MaximumLength} characters",
    outputs=("RandomText",),
    errors=(InvalidArgument,),
    labels={
        "use_upper_case_letters": "Use uppercase letters (A-Z)",
        "use_lower_case_letters": "Use lowercase letters (a-z)",
        "use_digits": "Use digits (0-9)",
        "use_symbols": "Use symbols ( , . < > ? ! + - _ # $ ^ )",
        "minimum_length": "Minimum length",
        "maximum_length": "Maximum length",
    },
)
def random_text(
    use_upper_case_letters: bool = True,
    use_lower_case_letters: bool = True,
    use_digits: bool = True,
    use_symbols: bool = True,
    minimum_length: int = 6,
    maximum_length: int = 10,
) -> str:
    """Make up a text, unpredictable enough for a password.

    Args:
        use_upper_case_letters: Whether A to Z may occur.
        use_lower_case_letters: Whether a to z may occur.
        use_digits: Whether 0 to 9 may occur.
        use_symbols: Whether signs may occur.
        minimum_length: The least length.
        maximum_length: The greatest length.

    Returns:
        The random text.
    """
    alphabets = (
        (use_upper_case_letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (use_lower_case_letters, "abcdefghijklmnopqrstuvwxyz"),
        (use_digits, "0123456789"),
        (use_symbols, ",.<>?!+-_#$^"),
    )
    letters = "".join(letters for wanted, letters in alphabets if wanted)
    if not letters:
        raise InvalidArgument("UseDigits", "off like all the others", "on, or another kind of character")
    if not 0 <= minimum_length <= maximum_length:
        raise InvalidArgument("MinimumLength", minimum_length, f"between 0 and {maximum_length}")
    length = minimum_length + secrets.randbelow(maximum_length - minimum_length + 1)
    return "".join(secrets.choice(letters) for _ in range(length))


@text.action(
    "RecognizeEntitiesInText",
    label="Recognize entities in text",
    summary="Recognize {Mode} in {Text}",
    outputs=("RecognizedEntities",),
    errors=(RecognitionTooSlow,),
    labels={"text": "Text to recognize from", "mode": "Entity type"},
    differs=(
        "Entities are found by their written shape. Numbers in words, relative dates (“next Friday”) and "
        "units of other languages than English are not recognized; the columns are Value, Original text "
        "and Entity type."
    ),
)
def recognize_entities(
    context: ActionContext,
    text: str,
    mode: RecognizerMode = RecognizerMode.DATE_TIME,
    language: RecognizerLanguage = RecognizerLanguage.ENGLISH,
) -> DataTable:
    """Find dates, amounts, addresses and the like in a text.

    Args:
        text: The text to search.
        mode: The kind of entity to find.
        language: The text's language, which decides how numbers and dates are written.

    Returns:
        One row for each entity: its value in plain form, the original text and its kind.
    """
    found = recognize(text, mode, language, context.now().date())
    try:
        return DataTable(COLUMNS, [[one.value, one.original, mode.value] for one in found])
    except TimeoutError as problem:
        raise RecognitionTooSlow(TIME_LIMIT) from problem


@text.action(
    "Replace",
    variant="ReplaceText",
    label="Replace text",
    summary="Replace {TextToFind} in {Text} with {ReplaceWith}",
    outputs=("Result",),
    variables=("Replaced",),
    errors=(InvalidExpression,),
    labels={
        "text": "Text to parse",
        "text_to_find": "Text to find",
        "ignore_case": "Ignore case",
        "replace_with": "Replace with",
        "activate_escape_sequences": "Activate escape sequences",
        "comparison_type": "Comparison type",
    },
    differs="Both comparison types compare letter by letter.",
)
def replace_text(
    text: str,
    text_to_find: str,
    replace_with: str,
    ignore_case: bool = False,
    activate_escape_sequences: bool = False,
    comparison_type: TextComparisonType = TextComparisonType.CULTURE_SENSITIVE,
) -> str:
    r"""Replace every place where a text occurs in another.

    Args:
        text: The text to change.
        text_to_find: The text to look for.
        replace_with: What takes its place; may be empty.
        ignore_case: Whether capital and small letters are the same.
        activate_escape_sequences: Whether \n, \r and \t mean line ends and tabs.
        comparison_type: How texts are compared.

    Returns:
        The changed text.
    """
    if activate_escape_sequences:
        text_to_find, replace_with = _unescaped(text_to_find), _unescaped(replace_with)
    if not text_to_find:
        return text
    return _literal(text_to_find, ignore_case).replace(text, replace_with.replace("$", "$$"))


@text.action(
    "Replace",
    variant="ReplaceTextWithRegex",
    label="Replace text",
    summary="Replace every match of {TextToFind} in {Text} with {ReplaceWith}",
    outputs=("Result",),
    variables=("Replaced",),
    errors=(InvalidExpression,),
    labels={
        "text": "Text to parse",
        "text_to_find": "Text to find",
        "ignore_case": "Ignore case",
        "replace_with": "Replace with",
        "activate_escape_sequences": "Activate escape sequences",
    },
)
def replace_with_regex(
    text: str,
    text_to_find: str,
    replace_with: str,
    ignore_case: bool = False,
    activate_escape_sequences: bool = False,
) -> str:
    r"""Replace every match of a regular expression.

    Args:
        text: The text to change.
        text_to_find: The regular expression, as .NET has them.
        replace_with: What takes a match's place; $1 and ${name} stand for groups.
        ignore_case: Whether capital and small letters are the same.
        activate_escape_sequences: Whether \n, \r and \t in the replacement mean line ends and tabs.

    Returns:
        The changed text.
    """
    if activate_escape_sequences:
        replace_with = _unescaped(replace_with)
    try:
        return compile_expression(text_to_find, ignore_case=ignore_case).replace(text, replace_with)
    except (dotnet_errors.BadPattern, dotnet_errors.PatternTooSlow) as problem:
        raise InvalidExpression(problem.message) from problem


@text.action(
    "Replace",
    label="Replace text",
    summary="Replace {TextToFind} in {Text} with {ReplaceWith}",
    outputs=("Result",),
    variables=("Replaced",),
    errors=(InvalidExpression,),
    labels={
        "text": "Text to parse",
        "text_to_find": "Text to find",
        "is_reg_ex": "Use regular expressions for find and replace",
        "ignore_case": "Ignore case",
        "replace_with": "Replace with",
        "activate_escape_sequences": "Activate escape sequences",
    },
    legacy=True,
)
def replace(
    text: str,
    text_to_find: str,
    replace_with: str,
    is_reg_ex: bool = False,
    ignore_case: bool = False,
    activate_escape_sequences: bool = False,
) -> str:
    r"""Replace a text or the matches of a regular expression: the form of flows before 2026.

    Args:
        text: The text to change.
        text_to_find: The text or regular expression to look for.
        replace_with: What takes its place.
        is_reg_ex: Whether a regular expression was given.
        ignore_case: Whether capital and small letters are the same.
        activate_escape_sequences: Whether \n, \r and \t mean line ends and tabs.

    Returns:
        The changed text.
    """
    change = replace_with_regex if is_reg_ex else replace_text
    return change(text, text_to_find, replace_with, ignore_case, activate_escape_sequences)


def _unescaped(text: str) -> str:
    r"""Read ``\n``, ``\t`` and their like; an unknown escape stays as it is."""
    return str(regex.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text))


@text.action(
    "Reverse",
    label="Reverse text",
    summary="Reverse {Text}",
    outputs=("ReversedText",),
    labels={"text": "Text to reverse"},
    differs="Accents and emoji stay whole; the original takes them apart.",
)
def reverse(text: str) -> str:
    """Write a text backwards.

    Args:
        text: The text to reverse.

    Returns:
        The text from its last character to its first.
    """
    return "".join(reversed(regex.findall(r"\X", text)))


@text.action(
    "SplitText",
    variant="Split",
    label="Split text",
    summary="Split {Text} at every {StandardDelimiter}",
    outputs=("Result",),
    variables=("TextList",),
    errors=(InvalidExpression,),
    labels={
        "text": "The text to split",
        "standard_delimiter": "Standard delimiter",
        "delimiter_times": "Times",
    },
)
def split(
    text: str, standard_delimiter: StandardDelimiter = StandardDelimiter.SPACE, delimiter_times: int = 1
) -> list[str]:
    r"""Take a text apart at blanks, tabs or line breaks.

    Args:
        text: The text to split.
        standard_delimiter: What stands between the parts.
        delimiter_times: How many of it.

    Returns:
        The parts; line breaks of any system count.
    """
    delimiters = {StandardDelimiter.SPACE: " ", StandardDelimiter.TAB: "\t"}
    delimiter = delimiters.get(standard_delimiter, r"(?:\r\n|\n|\r)")
    return compile_expression(f"(?:{delimiter}){{{max(delimiter_times, 1)}}}").split(text)


@text.action(
    "SplitText",
    variant="SplitWithDelimiter",
    label="Split text",
    summary="Split {Text} at every {CustomDelimiter}",
    outputs=("Result",),
    variables=("TextList",),
    errors=(InvalidExpression,),
    labels={
        "text": "The text to split",
        "custom_delimiter": "Custom delimiter",
        "is_reg_ex": "Is regular expression",
    },
)
def split_with_delimiter(text: str, custom_delimiter: str, is_reg_ex: bool = False) -> list[str]:
    """Take a text apart at a text of your own, or at the matches of a regular expression.

    Args:
        text: The text to split.
        custom_delimiter: What stands between the parts.
        is_reg_ex: Whether the delimiter is a regular expression.

    Returns:
        The parts; what the expression's groups captured stands between them.
    """
    if not custom_delimiter:
        return [text]
    if not is_reg_ex:
        return text.split(custom_delimiter)
    try:
        return compile_expression(custom_delimiter).split(text)
    except (dotnet_errors.BadPattern, dotnet_errors.PatternTooSlow) as problem:
        raise InvalidExpression(problem.message) from problem


@text.action(
    "SplitText",
    variant="SplitAtNumberOfCharacters",
    label="Split text",
    summary="Split {Text} after every {SplitInterval} characters",
    outputs=("Result",),
    variables=("TextList",),
    errors=(InvalidExpression, InvalidArgument),
    labels={"text": "The text to split", "split_interval": "Split interval"},
)
def split_at_number_of_characters(text: str, split_interval: int) -> list[str]:
    """Take a text apart into parts of one length.

    Args:
        text: The text to split.
        split_interval: How many characters each part has; the last may have fewer.

    Returns:
        The parts.
    """
    if split_interval < 1:
        raise InvalidArgument("SplitInterval", split_interval, "at least 1")
    return [text[start : start + split_interval] for start in range(0, len(text), split_interval)]


@text.action(
    "ToNumber",
    label="Convert text to number",
    summary="Convert {Text} to a number",
    outputs=("Number",),
    variables=("TextAsNumber",),
    errors=(NotANumber,),
    labels={"text": "Text to convert"},
)
def to_number(context: ActionContext, text: str) -> Number:
    """Read a number as the culture writes it.

    Args:
        text: The text to read; blanks around it, a sign and thousands separators are fine.

    Returns:
        The number.
    """
    try:
        return parse_number(text, culture_named(context.culture))
    except dotnet_errors.NotANumber as problem:
        raise NotANumber(problem.message) from problem


@text.action(
    "Trim",
    label="Trim text",
    summary="Trim {Text}",
    outputs=("TrimmedText",),
    labels={"text": "Text to trim", "trim_option": "What to trim"},
)
def trim(text: str = "", trim_option: TrimOption = TrimOption.BOTH) -> str:
    """Remove white space at the start, the end or both ends of a text.

    Args:
        text: The text to trim.
        trim_option: Which end to trim.

    Returns:
        The trimmed text.
    """
    if trim_option is not TrimOption.TO_END:
        text = text.lstrip(_WHITE_SPACE)
    return text if trim_option is TrimOption.FROM_START else text.rstrip(_WHITE_SPACE)
