"""The enumerations of the Text module."""

from __future__ import annotations

from enum import StrEnum

from deskhand.actions.declare import Module

text = Module("Text", "Text")


@text.enum("Text.CaseOption")
class CaseOption(StrEnum):
    """How letters are cased."""

    UPPER = "UpperCase"
    LOWER = "LowerCase"
    TITLE = "TitleCase"
    SENTENCE = "SentenceCase"


@text.enum("Text.PadPosition")
class PadPosition(StrEnum):
    """Which side of a text is filled up."""

    LEFT = "Left"
    RIGHT = "Right"


@text.enum("Text.StandardDelimiter")
class StandardDelimiter(StrEnum):
    """What stands between the parts of a text."""

    SPACE = "Space"
    TAB = "Tab"
    NEW_LINE = "NewLine"


@text.enum("Text.TextComparisonType")
class TextComparisonType(StrEnum):
    """Whether texts are equal as people read them, or letter by letter."""

    CULTURE_SENSITIVE = "CultureSensitive"
    ORDINAL = "Ordinal"


@text.enum("Text.TrimOption")
class TrimOption(StrEnum):
    """Where white space is removed."""

    FROM_START = "FromStart"
    TO_END = "ToEnd"
    BOTH = "Both"


@text.enum("Text.WellKnownDateTimeFormat")
class WellKnownDateTimeFormat(StrEnum):
    """A date format by its name; what it looks like is the culture's matter."""

    SHORT_DATE = "ShortDate"
    LONG_DATE = "LongDate"
    SHORT_TIME = "ShortTime"
    LONG_TIME = "LongTime"
    FULL_SHORT = "FullDateTimeShortTime"
    FULL_LONG = "FullDateTimeLongTime"
    GENERAL_SHORT = "GeneralDateTimeShortTime"
    GENERAL_LONG = "GeneralDateTimeLongTime"
    SORTABLE = "SortableDateTime"


@text.enum("Text.RecognizerMode")
class RecognizerMode(StrEnum):
    """What kind of entity is looked for."""

    DATE_TIME = "DateTime"
    DIMENSION = "Dimension"
    TEMPERATURE = "Temperature"
    CURRENCY = "Currency"
    NUMBER_RANGE = "NumberRange"
    NUMBER = "Number"
    ORDINAL = "Ordinal"
    PERCENTAGE = "Percentage"
    PHONE_NUMBER = "PhoneNumber"
    EMAIL = "Email"
    IP_ADDRESS = "IpAddress"
    MENTION = "Mention"
    HASHTAG = "Hashtag"
    URL = "Url"
    GUID = "Guid"
    QUOTED_TEXT = "QuotedText"


@text.enum("Text.RecognizerLanguage")
class RecognizerLanguage(StrEnum):
    """The language of a text."""

    ENGLISH = "English"
    CHINESE = "Chinese"
    SPANISH = "Spanish"
    SPANISH_MEXICAN = "SpanishMexican"
    PORTUGUESE = "Portuguese"
    FRENCH = "French"
    GERMAN = "German"
    ITALIAN = "Italian"
    JAPANESE = "Japanese"
    DUTCH = "Dutch"
    KOREAN = "Korean"
    SWEDISH = "Swedish"
    TURKISH = "Turkish"
    HINDI = "Hindi"
