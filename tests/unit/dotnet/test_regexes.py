from __future__ import annotations

import pytest

from deskhand.dotnet.errors import BadPattern, PatternTooSlow
from deskhand.dotnet.regexes import compile_expression, escape_expression


def found(pattern: str, text: str, **options: bool) -> list[tuple[int, str]]:
    return [(one.start, one.text) for one in compile_expression(pattern, **options).find(text)]


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"(?<=No\s*=\s*)\d+", "No = 12 No=3", [(5, "12"), (11, "3")]),
        ("a*", "baac", [(0, ""), (1, "aa"), (3, ""), (4, "")]),
        ("[a-z-[aeiou]]+", "hello", [(0, "h"), (2, "ll")]),
        ("[^a-z-[aeiou]]", "h!a", [(1, "!")]),
        ("[[]a", "[a", [(0, "[a")]),
        ("[]a]+", "a]", [(0, "a]")]),
        ("[^]]+", "ab]c", [(0, "ab"), (3, "c")]),
        (r"[\d-x]+", "1-x", [(0, "1-x")]),
        ("[a-]+", "a-", [(0, "a-")]),
        ("[&&||]+", "|&", [(0, "|&")]),
        (r"[\b]", "a\bb", [(1, "\b")]),
        ("a{,2}", "aa a{,2}", [(3, "a{,2}")]),
        ("a{e<=1}", "b a{e<=1}", [(2, "a{e<=1}")]),
        ("x{2}y{1,}z{0,2}", "xxyyz", [(0, "xxyyz")]),
        (r"\p{IsGreek}+", "abγδ", [(2, "γδ")]),
        (r"\p{Lu}\P{Lu}", "aBc", [(1, "Bc")]),
        (r"b$", "b\n", [(0, "b")]),
        (r"b\Z", "b\n", [(0, "b")]),
        (r"b\z", "b\n", []),
        (r"\Ab", "b\nb", [(0, "b")]),
        (".", "\r\n", [(0, "\r")]),
        (r"\u0041\x42\cA\e\041", "AB\x01\x1b!", [(0, "AB\x01\x1b!")]),
        ("(?i)a(?-i)b", "AB Ab", [(3, "Ab")]),
        ("(?i:a)b", "AB Ab", [(3, "Ab")]),
        ("(?s).", "\n", [(0, "\n")]),
        ("(?x) a b # note\n c", "abc", [(0, "abc")]),
        ("(?#note)a", "a", [(0, "a")]),
        ("(?m)^b$", "a\nb", [(2, "b")]),
        ("a(?>b+)c", "abbc", [(0, "abbc")]),
        (r"(a)?(?(1)b|c)", "ab c", [(0, "ab"), (3, "c")]),
        (r"(?<n>a)?(?(n)b|c)", "ab c", [(0, "ab"), (3, "c")]),
        (r"(?(?=a)ab|cd)", "ab cd", [(0, "ab"), (3, "cd")]),
        (r"(?(a)ab|cd)", "ab cd", [(0, "ab"), (3, "cd")]),
        ("a#b c", "a#b c", [(0, "a#b c")]),
        ("ß", "SS ß", [(3, "ß")]),
    ],
)
def test_patterns_match_as_in_net(pattern: str, text: str, matches: list[tuple[int, str]]) -> None:
    assert found(pattern, text) == matches


def test_options_change_how_a_pattern_matches() -> None:
    assert found("ß|b", "SS B ß", ignore_case=True) == [(3, "B"), (5, "ß")]
    assert found("^.$", "a\nb", multiline=True) == [(0, "a"), (2, "b")]
    assert found("a.b", "a\nb", singleline=True) == [(0, "a\nb")]
    assert found("a b", "ab", ignore_whitespace=True) == [(0, "ab")]


def test_a_search_may_begin_later_and_still_look_behind() -> None:
    expression = compile_expression("(?<=a)b|^c")

    assert [one.start for one in expression.find("cab", 2)] == [2]


def test_unnamed_groups_are_numbered_before_named_ones() -> None:
    match = compile_expression(r"(?<y>\d{4})-(\d\d)-(?<d>\d\d)").first("2020-03-04")

    assert match is not None
    assert match.groups == ("03", "2020", "04")


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"(?<y>a)(b)\1\2", "abba", True),
        (r"(?<y>a)(b)\2\1", "abab", True),
        (r"(?<y>a)(b)\k<y>\k'y'", "abaa", True),
        (r"(a)\k<1>", "aa", True),
        (r"(?'q'[\x22x])y\k<q>", "xyx", True),
        (r"(?n)(a)(?<x>b)\1", "abb", True),
        (r"a\10", "a\b", True),
        (r"(?<a>x)(?<a>y)\k<a>", "xyy", True),
    ],
)
def test_groups_are_referred_to_by_name_and_number(pattern: str, text: str, matches: bool) -> None:
    assert (compile_expression(pattern).first(text) is not None) is matches


@pytest.mark.parametrize(
    ("replacement", "result"),
    [
        ("${last}, $1", "smith, john!"),
        ("$2 $1", "smith john!"),
        ("$0$0", "john smithjohn smith!"),
        ("$$1", "$1!"),
        ("[$&]", "[john smith]!"),
        ("$+", "smith!"),
        ("$'", "!!"),
        ("<$`>", "<>!"),
        ("$_", "john smith!!"),
        ("$3 $12 ${no} $x", "$3 $12 ${no} $x!"),
        ("", "!"),
    ],
)
def test_replacements_are_filled_in_as_in_net(replacement: str, result: str) -> None:
    assert compile_expression(r"(\w+) (?<last>\w+)").replace("john smith!", replacement) == result


def test_a_group_that_took_no_part_is_replaced_with_nothing() -> None:
    assert compile_expression("(a)|b").replace("ab", "<$1>") == "<a><>"


def test_splitting_keeps_what_groups_captured() -> None:
    assert compile_expression("a(,)|;").split("xa,y;z") == ["x", ",", "y", "z"]
    assert compile_expression(r"\d").split("") == [""]


def test_escaping_spares_closing_brackets() -> None:
    assert escape_expression("a.b c[1]{2}#\n\\") == r"a\.b\ c\[1]\{2}\#\n\\"


@pytest.mark.parametrize("text", ["", "a.b*c+?|{2}[x](y)^$#\t \r\n\\", "ß\u200b🙂"])
def test_an_escaped_text_matches_itself(text: str) -> None:
    match = compile_expression(rf"\A{escape_expression(text)}\z").first(text)

    assert match is not None
    assert match.text == text


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "(",
            ")",
            "[a",
            "a**",
            "*a",
            r"\m",
            "a\\",
            "(?P<a>b)",
            "(?R)",
            "(?<-x>a)",
            r"\1",
            r"\k<no>",
            r"(a)\2",
        ),
        *(
            r"\p{Nope}",
            r"\pL",
            r"\x1",
            r"\u12",
            "(?<1a>b)",
            "[z-a]",
            "(?#open",
            "(?&x)",
            "(?|a|b)",
            r"\N{DIGIT ONE}",
        ),
    ],
)
def test_what_net_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern) as caught:
        compile_expression(pattern)

    assert caught.value.pattern == pattern


def test_a_catastrophic_pattern_is_stopped() -> None:
    expression = compile_expression("(a|aa)+$", time_limit=0.05)

    with pytest.raises(PatternTooSlow) as caught:
        expression.first("a" * 60 + "b")

    assert (caught.value.pattern, caught.value.seconds) == ("(a|aa)+$", 0.05)
