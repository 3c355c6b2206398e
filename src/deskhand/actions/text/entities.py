"""Entities in a text: dates, amounts, addresses and the like, found by their shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import regex

from deskhand.actions.text.choices import RecognizerLanguage, RecognizerMode
from deskhand.dotnet.cultures import Culture, culture_named
from deskhand.dotnet.date_parsing import parse_date
from deskhand.dotnet.errors import NotADate, NotANumber
from deskhand.dotnet.numbers import parse_number
from deskhand.dotnet.regexes import TIME_LIMIT

COLUMNS = ("Value", "Original text", "Entity type")

_CULTURES: Mapping[RecognizerLanguage, str] = {
    RecognizerLanguage.ENGLISH: "en-US",
    RecognizerLanguage.SPANISH: "es-ES",
    RecognizerLanguage.PORTUGUESE: "pt-BR",
    RecognizerLanguage.FRENCH: "fr-FR",
    RecognizerLanguage.GERMAN: "de-DE",
    RecognizerLanguage.ITALIAN: "it-IT",
    RecognizerLanguage.JAPANESE: "ja-JP",
    RecognizerLanguage.DUTCH: "nl-NL",
    RecognizerLanguage.SWEDISH: "sv-SE",
}

_UNITS = (
    "kilometers?|kilometres?|km|centimeters?|centimetres?|cm|millimeters?|millimetres?|mm|meters?|metres?|m|"
    "miles?|mi|yards?|yd|feet|foot|ft|inch(?:es)?|in|kilograms?|kg|grams?|g|milligrams?|mg|pounds?|lbs?|"
    "ounces?|oz|tons?|tonnes?|liters?|litres?|l|milliliters?|millilitres?|ml|gallons?|gal|"
    "square (?:meters?|metres?|feet|miles?)|hectares?|acres?|km/h|mph|"
    "bytes?|kb|mb|gb|tb|hours?|minutes?|seconds?"
)
_MONEY = "dollars?|usd|euros?|eur|pounds?|gbp|yen|jpy|chf|francs?|kronor|sek|z[łl]oty|pln|reais|real|brl"
_MAILBOX = r"[\w.!#$%&'*+/=?^`{|}~-]"
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth"),
)


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing found: its value in plain form, and the text as it stood."""

    value: str
    original: str


def recognize(text: str, mode: RecognizerMode, language: RecognizerLanguage, today: date) -> Iterator[Entity]:
    """Yield the entities of one kind in the order of the text."""
    culture = culture_named(_CULTURES.get(language, ""))
    find = _FINDERS[mode]
    for original in _matches(find.pattern(culture), text):
        value = find.value(original, culture, today)
        if value is not None:
            yield Entity(value, original)


def _matches(pattern: str, text: str) -> Iterator[str]:
    compiled = regex.compile(pattern, regex.IGNORECASE)
    for match in compiled.finditer(text, timeout=TIME_LIMIT):
        yield match["entity"] if "entity" in compiled.groupindex else match.group()


@dataclass(frozen=True, slots=True)
class _Finder:
    pattern: Callable[[Culture], str]
    value: Callable[[str, Culture, date], str | None] = lambda original, culture, today: original


def _fixed(pattern: str) -> Callable[[Culture], str]:
    return lambda culture: pattern


def _number_shape(culture: Culture) -> str:
    group, point = regex.escape(culture.group_separator), regex.escape(culture.decimal_separator)
    return rf"(?<![\w{point}])[-+]?[0-9]+(?:{group}[0-9]{{3}})*(?:{point}[0-9]+)?"


def _with_number(before: str = "", after: str = "") -> Callable[[Culture], str]:
    return lambda culture: f"{before}{_number_shape(culture)}{after}"


def _plain_number(original: str, culture: Culture, today: date) -> str | None:
    found = regex.search(_number_shape(culture), original)
    try:
        return str(parse_number(found.group() if found else "", culture))
    except NotANumber:
        return None


def _number_and_unit(original: str, culture: Culture, today: date) -> str | None:
    number = _plain_number(original, culture, today)
    unit = regex.sub(_number_shape(culture), "", original).strip()
    return None if number is None else f"{number} {unit}"


def _ordinal(original: str, culture: Culture, today: date) -> str:
    digits = regex.match("[0-9]+", original)
    return digits.group() if digits else str(_ORDINALS.index(original.casefold()) + 1)


def _range(original: str, culture: Culture, today: date) -> str:
    low, high = regex.findall(_number_shape(culture), original)[:2]
    return f"({_plain_number(low, culture, today)},{_plain_number(high, culture, today)})"


def _date_shape(culture: Culture) -> str:
    names = (*culture.months, *culture.month_names, *culture.short_months, *culture.short_month_names)
    month = "|".join(regex.escape(name) for name in sorted(set(names), key=len, reverse=True))
    time = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\s?[ap]m)?|(?<![\w/.-])[0-9]{1,2}\s?[ap]m\b"
    day = "|".join(
        (
            r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}",
            r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{2,4}",
            rf"[0-9]{{1,2}}\.?(?:\sde)?\s(?:{month})(?:,?(?:\sde)?\s[0-9]{{4}})?",
            rf"(?:{month})\s[0-9]{{1,2}}(?:,?\s[0-9]{{4}})?",
            r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日",
        )
    )
    return rf"(?<!\w)(?:(?:{day})(?:(?:T|,?\s)(?:at\s)?(?:{time}))?|{time})(?!\w)"


def _date_value(original: str, culture: Culture, today: date) -> str | None:
    try:
        moment = parse_date(regex.sub(r"\sat\s", " ", original), culture, today).clock
    except NotADate:
        return None
    if not regex.search(r"[0-9]:|[ap]m$", original, regex.IGNORECASE):
        return moment.date().isoformat()
    is_time = regex.match(r"[0-9]{1,2}(?::|\s?[ap]m)", original, regex.IGNORECASE)
    return moment.time().isoformat() if is_time else moment.isoformat(sep=" ")


def _ip_value(original: str, culture: Culture, today: date) -> str | None:
    parts = original.split(".")
    return original if ":" in original or all(int(part) < 256 for part in parts) else None


def _percentage(original: str, culture: Culture, today: date) -> str | None:
    number = _plain_number(original, culture, today)
    return None if number is None else f"{number}%"


_FINDERS: Mapping[RecognizerMode, _Finder] = {
    RecognizerMode.DATE_TIME: _Finder(_date_shape, _date_value),
    RecognizerMode.DIMENSION: _Finder(_with_number(after=rf"\s?(?:{_UNITS})\b"), _number_and_unit),
    RecognizerMode.TEMPERATURE: _Finder(
        _with_number(after=r"\s?(?:°\s?[CF]?|degrees?(?:\s(?:celsius|fahrenheit|[CF]))?|[CF])(?!\w)"),
        _number_and_unit,
    ),
    RecognizerMode.CURRENCY: _Finder(
        lambda culture: (
            rf"[$€£¥₩₹]\s?{_number_shape(culture)}"
            rf"|{_number_shape(culture)}\s?(?:[$€£¥₩₹]|(?:{_MONEY})\b)"
        ),
        _number_and_unit,
    ),
    RecognizerMode.NUMBER_RANGE: _Finder(
        lambda culture: (
            rf"(?:between|from)\s{_number_shape(culture)}\s(?:and|to)\s{_number_shape(culture)}"
            rf"|{_number_shape(culture)}\s?[-–]\s?{_number_shape(culture)}"
        ),
        _range,
    ),
    RecognizerMode.NUMBER: _Finder(_number_shape, _plain_number),
    RecognizerMode.ORDINAL: _Finder(
        _fixed(rf"\b(?:[0-9]+(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})\b"), _ordinal
    ),
    RecognizerMode.PERCENTAGE: _Finder(_with_number(after=r"\s?(?:%|per\s?cent\b)"), _percentage),
    RecognizerMode.PHONE_NUMBER: _Finder(
        _fixed(
            r"(?<![\w.])(?:\+[0-9]{1,3}[\s.-]?)?(?:\([0-9]{1,4}\)[\s.-]?)?[0-9]{2,4}(?:[\s.-]?[0-9]{2,4}){1,4}(?!\w)"
        ),
        lambda original, culture, today: original if sum(map(str.isdigit, original)) >= 7 else None,
    ),
    RecognizerMode.EMAIL: _Finder(_fixed(rf"(?<!{_MAILBOX}){_MAILBOX}++@[\w-]++(?:\.[\w-]+)++")),
    RecognizerMode.IP_ADDRESS: _Finder(
        _fixed(
            r"(?<![\w.:])(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
            r"|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:)*(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?)"
            r"(?![\w:]|\.[0-9])"
        ),
        _ip_value,
    ),
    RecognizerMode.MENTION: _Finder(_fixed(r"(?<![\w@])@\w+")),
    RecognizerMode.HASHTAG: _Finder(_fixed(r"(?<![\w#])#\w+")),
    RecognizerMode.URL: _Finder(
        _fixed(r"(?:https?|ftp)://[^\s<>\"']+[^\s<>\"'.,;:!?)]|\bwww\.[\w.-]+\.[a-z]{2,}(?:/[^\s<>\"']*)?")
    ),
    RecognizerMode.GUID: _Finder(_fixed(r"(?<!\w)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?!\w)")),
    RecognizerMode.QUOTED_TEXT: _Finder(
        _fixed(
            r"\"(?<entity>[^\"]+)\"|“(?<entity>[^”]+)”|‘(?<entity>[^’]+)’|«(?<entity>[^»]+)»|(?<!\w)'(?<entity>[^']+)'(?!\w)"
        )
    ),
}
