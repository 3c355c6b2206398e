"""The cultures' data, as Windows has them. A long list of like things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskhand.dotnet.culture import Culture

_NARROW_SPACE = "\u202f"
_HARD_SPACE = "\u00a0"

_INVARIANT = Culture(
    name="",
    days=("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    short_days=("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    short_months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    short_date="MM/dd/yyyy",
    long_date="dddd, dd MMMM yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="MMMM dd",
    year_month="yyyy MMMM",
    date_separator="/",
    am="AM",
    pm="PM",
    currency_positive="$n",
    currency_negative="($n)",
)

_EN_US = Culture(
    name="en-US",
    days=_INVARIANT.days,
    short_days=_INVARIANT.short_days,
    months=_INVARIANT.months,
    short_months=_INVARIANT.short_months,
    short_date="M/d/yyyy",
    long_date="dddd, MMMM d, yyyy",
    short_time="h:mm tt",
    long_time="h:mm:ss tt",
    month_day="MMMM d",
    year_month="MMMM yyyy",
    date_separator="/",
    am="AM",
    pm="PM",
    currency_symbol="$",
    currency_positive="$n",
    currency_negative="($n)",
    percent_positive="n%",
    percent_negative="-n%",
)

_EN_GB = Culture(
    name="en-GB",
    days=_INVARIANT.days,
    short_days=_INVARIANT.short_days,
    months=_INVARIANT.months,
    short_months=_INVARIANT.short_months,
    short_date="dd/MM/yyyy",
    long_date="dd MMMM yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="d MMMM",
    year_month="MMMM yyyy",
    date_separator="/",
    am="AM",
    pm="PM",
    currency_symbol="£",
    currency_positive="$n",
    currency_negative="-$n",
    percent_positive="n%",
    percent_negative="-n%",
)

_DE_DE = Culture(
    name="de-DE",
    days=("Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"),
    short_days=("So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"),
    months=(
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
    short_months=("Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    short_date="dd.MM.yyyy",
    long_date="dddd, d. MMMM yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="d. MMMM",
    year_month="MMMM yyyy",
    date_separator=".",
    decimal_separator=",",
    group_separator=".",
    currency_symbol="€",
    currency_positive="n $",
    currency_negative="-n $",
    list_separator=";",
)

_FR_FR = Culture(
    name="fr-FR",
    days=("dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"),
    short_days=("dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."),
    months=(
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    short_months=(
        *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
        *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
    ),
    short_date="dd/MM/yyyy",
    long_date="dddd d MMMM yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="d MMMM",
    year_month="MMMM yyyy",
    date_separator="/",
    decimal_separator=",",
    group_separator=_NARROW_SPACE,
    currency_symbol="€",
    currency_positive="n $",
    currency_negative="-n $",
    list_separator=";",
)

_JA_JP = Culture(
    name="ja-JP",
    days=("日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"),
    short_days=("日", "月", "火", "水", "木", "金", "土"),
    months=tuple(f"{number}月" for number in range(1, 13)),
    short_months=tuple(str(number) for number in range(1, 13)),
    short_date="yyyy/MM/dd",
    long_date="yyyy'年'M'月'd'日'",
    short_time="H:mm",
    long_time="H:mm:ss",
    month_day="M'月'd'日'",
    year_month="yyyy'年'M'月'",
    date_separator="/",
    am="午前",
    pm="午後",
    era="西暦",
    currency_symbol="¥",
    currency_digits=0,
    currency_positive="$n",
    currency_negative="-$n",
    percent_positive="n%",
    percent_negative="-n%",
)

_ES_ES = Culture(
    name="es-ES",
    days=("domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"),
    short_days=("do.", "lu.", "ma.", "mi.", "ju.", "vi.", "sá."),
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    short_months=(
        *("ene.", "feb.", "mar.", "abr.", "may.", "jun."),
        *("jul.", "ago.", "sep.", "oct.", "nov.", "dic."),
    ),
    short_date="dd/MM/yyyy",
    long_date="dddd, d' de 'MMMM' de 'yyyy",
    short_time="H:mm",
    long_time="H:mm:ss",
    month_day="d' de 'MMMM",
    year_month="MMMM' de 'yyyy",
    date_separator="/",
    decimal_separator=",",
    group_separator=".",
    currency_symbol="€",
    currency_positive="n $",
    currency_negative="-n $",
    list_separator=";",
)

_IT_IT = Culture(
    name="it-IT",
    days=("domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"),
    short_days=("dom", "lun", "mar", "mer", "gio", "ven", "sab"),
    months=(
        *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
        *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
    ),
    short_months=("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"),
    short_date="dd/MM/yyyy",
    long_date="dddd d MMMM yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="d MMMM",
    year_month="MMMM yyyy",
    date_separator="/",
    decimal_separator=",",
    group_separator=".",
    currency_symbol="€",
    currency_positive="n $",
    currency_negative="-n $",
    percent_positive="n%",
    percent_negative="-n%",
    list_separator=";",
)

_NL_NL = Culture(
    name="nl-NL",
    days=("zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"),
    short_days=("zo", "ma", "di", "wo", "do", "vr", "za"),
    months=(
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    short_months=("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    short_date="d-M-yyyy",
    long_date="dddd d MMMM yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="d MMMM",
    year_month="MMMM yyyy",
    date_separator="-",
    decimal_separator=",",
    group_separator=".",
    currency_symbol="€",
    currency_positive="$ n",
    currency_negative="$ -n",
    percent_positive="n%",
    percent_negative="-n%",
    list_separator=";",
)

_PT_BR = Culture(
    name="pt-BR",
    days=(
        *("domingo", "segunda-feira", "terça-feira", "quarta-feira"),
        *("quinta-feira", "sexta-feira", "sábado"),
    ),
    short_days=("dom", "seg", "ter", "qua", "qui", "sex", "sáb"),
    months=(
        *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
        *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
    ),
    short_months=("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"),
    short_date="dd/MM/yyyy",
    long_date="dddd, d' de 'MMMM' de 'yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="d' de 'MMMM",
    year_month="MMMM' de 'yyyy",
    date_separator="/",
    decimal_separator=",",
    group_separator=".",
    currency_symbol="R$",
    currency_positive="$ n",
    currency_negative="-$ n",
    percent_positive="n%",
    percent_negative="-n%",
    list_separator=";",
)

_PL_PL = Culture(
    name="pl-PL",
    days=("niedziela", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota"),
    short_days=("niedz.", "pon.", "wt.", "śr.", "czw.", "pt.", "sob."),
    months=(
        *("styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec"),
        *("lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień"),
    ),
    genitive_months=(
        *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
        *("lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
    ),
    short_months=("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"),
    short_date="dd.MM.yyyy",
    long_date="dddd, d MMMM yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="d MMMM",
    year_month="MMMM yyyy",
    date_separator=".",
    decimal_separator=",",
    group_separator=_HARD_SPACE,
    currency_symbol="zł",
    currency_positive="n $",
    currency_negative="-n $",
    percent_positive="n%",
    percent_negative="-n%",
    list_separator=";",
)

_SV_SE = Culture(
    name="sv-SE",
    days=("söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"),
    short_days=("sön", "mån", "tis", "ons", "tors", "fre", "lör"),
    months=(
        *("januari", "februari", "mars", "april", "maj", "juni"),
        *("juli", "augusti", "september", "oktober", "november", "december"),
    ),
    short_months=(
        *("jan.", "feb.", "mars", "apr.", "maj", "juni"),
        *("juli", "aug.", "sep.", "okt.", "nov.", "dec."),
    ),
    short_date="yyyy-MM-dd",
    long_date="'den 'd MMMM yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="'den 'd MMMM",
    year_month="MMMM yyyy",
    date_separator="-",
    am="fm",
    pm="em",
    decimal_separator=",",
    group_separator=_HARD_SPACE,
    currency_symbol="kr",
    currency_positive="n $",
    currency_negative="-n $",
    list_separator=";",
)

_IS_IS = Culture(
    name="is-IS",
    days=(
        *("sunnudagur", "mánudagur", "þriðjudagur", "miðvikudagur"),
        *("fimmtudagur", "föstudagur", "laugardagur"),
    ),
    short_days=("sun.", "mán.", "þri.", "mið.", "fim.", "fös.", "lau."),
    months=(
        *("janúar", "febrúar", "mars", "apríl", "maí", "júní"),
        *("júlí", "ágúst", "september", "október", "nóvember", "desember"),
    ),
    short_months=(
        *("jan.", "feb.", "mar.", "apr.", "maí", "jún."),
        *("júl.", "ágú.", "sep.", "okt.", "nóv.", "des."),
    ),
    short_date="d.M.yyyy",
    long_date="d. MMMM yyyy",
    short_time="HH:mm",
    long_time="HH:mm:ss",
    month_day="d. MMMM",
    year_month="MMMM yyyy",
    date_separator=".",
    am="f.h.",
    pm="e.h.",
    decimal_separator=",",
    group_separator=".",
    currency_symbol="ISK",
    currency_digits=0,
    currency_positive="n $",
    currency_negative="-n $",
    percent_positive="n%",
    percent_negative="-n%",
    list_separator=";",
)

CULTURES: Mapping[str, Culture] = {
    one.name.casefold(): one
    for one in (
        _INVARIANT,
        _EN_US,
        _EN_GB,
        _DE_DE,
        _FR_FR,
        _JA_JP,
        _ES_ES,
        _IT_IT,
        _NL_NL,
        _PT_BR,
        _PL_PL,
        _SV_SE,
        _IS_IS,
    )
}

CLDR_DIFFERENCES: Mapping[str, Mapping[str, Any]] = {
    "*": {"decimal_digits": 3, "era": "AD"},
    "en-US": {"currency_negative": "-$n"},
    "ja-JP": {"long_date": "yyyy'年'M'月'd'日'dddd", "currency_symbol": "￥"},
    "nl-NL": {"short_date": "dd-MM-yyyy"},
    "en-GB": {"long_date": "dddd, d MMMM yyyy"},
}
