"""The functions of filters. Source: dataverse-api 3.4."""

from __future__ import annotations

NAMESPACE = "Microsoft.Dynamics.CRM"
"""What stands before the names of the original's own functions and messages."""

TEXT_FUNCTIONS = frozenset({"contains", "startswith", "endswith"})
"""OData's functions that are built; their operands have places."""

SET_FUNCTIONS = frozenset({"In", "NotIn", "Between", "NotBetween"})
"""The original's functions that are built; their arguments have names."""

FUNCTIONS_NOT_BUILT = frozenset(
    {
        "length",
        "indexof",
        "substring",
        "tolower",
        "toupper",
        "trim",
        "concat",
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "date",
        "time",
        "now",
        "round",
        "floor",
        "ceiling",
        "cast",
        "isof",
        "any",
        "all",
        "EqualUserId",
        "NotEqualUserId",
        "EqualBusinessId",
        "NotEqualBusinessId",
        "EqualUserTeams",
        "EqualUserOrUserTeams",
        "Today",
        "Yesterday",
        "Tomorrow",
        "ThisWeek",
        "ThisMonth",
        "ThisYear",
        "LastWeek",
        "LastMonth",
        "LastYear",
        "NextWeek",
        "NextMonth",
        "NextYear",
        "Last7Days",
        "Next7Days",
        "LastXHours",
        "LastXDays",
        "LastXWeeks",
        "LastXMonths",
        "LastXYears",
        "NextXHours",
        "NextXDays",
        "NextXWeeks",
        "NextXMonths",
        "NextXYears",
        "OlderThanXMinutes",
        "OlderThanXHours",
        "OlderThanXDays",
        "OlderThanXWeeks",
        "OlderThanXMonths",
        "OlderThanXYears",
        "On",
        "OnOrAfter",
        "OnOrBefore",
        "ContainValues",
        "DoesNotContainValues",
        "Under",
        "UnderOrEqual",
        "NotUnder",
        "Above",
        "AboveOrEqual",
        "EqualUserLanguage",
        "Contains",
        "InFiscalYear",
    }
)
"""Functions that OData or the original knows and this version does not answer."""
