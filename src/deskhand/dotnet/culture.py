"""What a culture is: how people of one language and country write dates and numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Culture:
    """One culture's customs, as .NET's ``CultureInfo`` holds them.

    Two cultures are equal only if they are the same object, which makes them cheap keys of caches.

    Patterns are .NET date patterns. Number patterns show where the sign (``-``), the symbol (``$``
    or ``%``) and the digits (``n``) stand.

    Attributes:
        name: The culture's name, ``de-DE``; empty for the invariant culture.
        days: From Sunday on.
        months: From January on, as they stand alone.
        genitive_months: As they stand beside a day number, where that differs.
        group_separator: Between groups of three digits.
        list_separator: Between the items of a list, and the columns of delimited text.
        decimal_digits: How many fraction digits ``N`` and ``F`` print when none are asked for.
    """

    name: str
    days: tuple[str, ...]
    short_days: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    short_date: str
    long_date: str
    short_time: str
    long_time: str
    month_day: str
    year_month: str
    date_separator: str
    genitive_months: tuple[str, ...] = ()
    genitive_short_months: tuple[str, ...] = ()
    time_separator: str = ":"
    am: str = ""
    pm: str = ""
    era: str = "A.D."
    decimal_separator: str = "."
    group_separator: str = ","
    decimal_digits: int = 2
    currency_symbol: str = "¤"
    currency_digits: int = 2
    currency_positive: str = "$n"
    currency_negative: str = "($n)"
    percent_positive: str = "n %"
    percent_negative: str = "-n %"
    list_separator: str = ","

    @property
    def full_date_time(self) -> str:
        """Return the pattern of ``F``: long date and long time."""
        return f"{self.long_date} {self.long_time}"

    @property
    def month_names(self) -> tuple[str, ...]:
        """Return the months as they stand beside a day number."""
        return self.genitive_months or self.months

    @property
    def short_month_names(self) -> tuple[str, ...]:
        """Return the short months as they stand beside a day number."""
        return self.genitive_short_months or self.short_months
