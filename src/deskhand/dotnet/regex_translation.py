"""A .NET regular expression's text becomes one of the ``regex`` library.

What differs and is rewritten here: group names and numbers (.NET numbers unnamed groups first),
``\\Z`` and ``\\z``, ``$`` before a final line feed, character class subtraction, Unicode blocks,
explicit capture, free spacing, and everything that only the library would take as special.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import regex

from deskhand.dotnet.errors import BadPattern

_QUANTIFIER = regex.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_INLINE = regex.compile(r"\?(?P<on>[imnsx]*)(?:-(?P<off>[imnsx]*))?(?P<end>[:)])")
_NAMED = regex.compile(r"\?(?:<(?P<angle>[^>=!]*)>|'(?P<quote>[^']*)')")
_BACKREFERENCE = regex.compile(r"\\k(?:<(\w+)>|'(\w+)')|\\<(\w+)>|\\'(\w+)'")
_CATEGORY = regex.compile(r"\\[pP]\{([\w-]+)\}")
_SAME_ESCAPES = frozenset("wWdDsSbBAGtnrfv")


@dataclass(frozen=True, slots=True)
class Options:
    """The two options that change how a pattern is read rather than how it matches."""

    explicit_capture: bool = False
    ignore_whitespace: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """A pattern for the library.

    Attributes:
        text: The pattern.
        groups: The library's name of each group, by .NET number from 1.
        names: The .NET number of each named group.
    """

    text: str
    groups: tuple[str, ...]
    names: dict[str, int]


def translate(pattern: str, options: Options) -> Translation:
    """Rewrite a .NET pattern for the library.

    Raises:
        BadPattern: .NET would not take the pattern either.
    """
    return _Translator(pattern, options).translate()


@dataclass(slots=True)
class _Translator:
    pattern: str
    options: Options
    position: int = 0
    parts: list[str | Callable[[], str]] = field(default_factory=list)
    unnamed: int = 0
    named: list[str] = field(default_factory=list)
    outer: list[Options] = field(default_factory=list)

    def translate(self) -> Translation:
        while self.position < len(self.pattern):
            self._next()
        if self.outer:
            self._fail("a parenthesis is not closed")
        text = "".join(part if isinstance(part, str) else part() for part in self.parts)
        numbered = [f"u{number}" for number in range(1, self.unnamed + 1)]
        groups = (*numbered, *(f"n{index}" for index in range(len(self.named))))
        names = {name: self._number_of(name) for name in self.named}
        # Unlike the library, .NET folds case letter by letter: ß never matches ss.
        return Translation(f"(?-f){text}", groups, names)

    def _fail(self, reason: str) -> None:
        raise BadPattern(self.pattern, reason)

    def _number_of(self, name: str) -> int:
        return self.unnamed + self.named.index(name) + 1

    def _take(self, length: int) -> str:
        taken = self.pattern[self.position : self.position + length]
        self.position += length
        return taken

    def _matches(self, expression: regex.Pattern[str]) -> regex.Match[str] | None:
        return expression.match(self.pattern, self.position)

    def _next(self) -> None:
        letter = self.pattern[self.position]
        if letter == "\\":
            self._escape()
        elif letter == "[":
            self.position += 1
            self.parts.append(self._character_class())
        elif letter == "(":
            self._open()
        elif letter == ")":
            self._close()
        elif letter == "{":
            quantifier = self._matches(_QUANTIFIER)
            self.parts.append(self._take(len(quantifier.group())) if quantifier else "\\" + self._take(1))
        elif self.options.ignore_whitespace and (letter.isspace() or letter == "#"):
            self._skip_free_text(letter)
        else:
            self.parts.append(self._literal(self._take(1)))

    def _literal(self, letter: str) -> str:
        return f"\\{letter}" if letter in "}]~&" or letter.isspace() or letter == "#" else letter

    def _skip_free_text(self, letter: str) -> None:
        if letter != "#":
            self.position += 1
            return
        end = self.pattern.find("\n", self.position)
        self.position = len(self.pattern) if end < 0 else end + 1

    # Escapes ------------------------------------------------------------------------------------

    def _escape(self) -> None:
        if self.position + 1 == len(self.pattern):
            self._fail("it ends with a lone backslash")
        if reference := self._matches(_BACKREFERENCE):
            self.position = reference.end()
            self._refer(next(group for group in reference.groups() if group))
            return
        letter = self.pattern[self.position + 1]
        if letter in "123456789":
            self._numeric_escape()
        elif letter == "Z":
            self.position += 2
            self.parts.append(r"(?=\n?\Z)")
        elif letter == "z":
            self.position += 2
            self.parts.append(r"\Z")
        else:
            self.parts.append(self._plain_escape())

    def _refer(self, name: str) -> None:
        """Refer back to a group by name or number; which it is shows when all groups are known."""

        def resolve() -> str:
            if name in self.named:
                return f"(?P=n{self.named.index(name)})"
            if name.isdecimal() and 0 < int(name) <= self.unnamed + len(self.named):
                return f"(?P={self._group_numbered(int(name))})"
            raise BadPattern(self.pattern, f"it refers to a group ‘{name}’ that it does not have")

        self.parts.append(resolve)

    def _group_numbered(self, number: int) -> str:
        return f"u{number}" if number <= self.unnamed else f"n{number - self.unnamed - 1}"

    def _numeric_escape(self) -> None:
        found = regex.compile(r"\\([0-9]+)").match(self.pattern, self.position)
        digits = found[1] if found else ""
        if len(digits) == 1:
            self.position += 2
            self._refer(digits)
            return
        self.position += 1 + len(digits)
        octal = regex.match("[0-7]{1,3}", digits)

        def resolve() -> str:
            if int(digits) <= self.unnamed + len(self.named):
                return f"(?P={self._group_numbered(int(digits))})"
            if octal:
                return f"\\x{int(octal.group(), 8) & 0xFF:02x}" + digits[octal.end() :]
            raise BadPattern(self.pattern, f"it refers to a group ‘{digits}’ that it does not have")

        self.parts.append(resolve)

    def _plain_escape(self, in_class: bool = False) -> str:
        """Return one escape that stands for itself, a character or a class of them."""
        letter = self.pattern[self.position + 1 : self.position + 2]
        if letter in "pP":
            return self._category()
        if letter in "xuc0":
            return self._coded_character(letter)
        self.position += 2
        if letter in "ae":
            return {"a": r"\x07", "e": r"\x1b"}[letter]
        if in_class and letter == "b":
            return r"\x08"
        if letter in _SAME_ESCAPES:
            return f"\\{letter}"
        if letter == "" or (letter in string.ascii_letters + "_"):
            self._fail(f"‘\\{letter}’ is no escape")
        return regex.escape(letter) if letter.isascii() else letter

    def _category(self) -> str:
        category = self._matches(_CATEGORY)
        if category is None:
            self._fail("a Unicode category is written \\p{Name}")
            return ""
        self.position = category.end()
        name = category[1]
        # What .NET calls IsGreek is the block; the library's own Is means a script.
        block = f"In{name[2:]}" if name.startswith("Is") else name
        return f"\\{category.group()[1]}{{{block}}}"

    def _coded_character(self, letter: str) -> str:
        forms = {"x": r"\\x([0-9A-Fa-f]{2})", "u": r"\\u([0-9A-Fa-f]{4})", "0": r"\\(0[0-7]{0,2})"}
        found = regex.compile(forms.get(letter, r"\\c([A-Za-z@\[\\\]^_])")).match(self.pattern, self.position)
        if found is None:
            self._fail(f"‘\\{letter}’ is not followed by a character's code")
            return ""
        self.position = found.end()
        code = ord(found[1].upper()) - 64 if letter == "c" else int(found[1], 8 if letter == "0" else 16)
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"

    # Character classes --------------------------------------------------------------------------

    def _character_class(self) -> str:
        """Rewrite a class whose opening bracket has been read, ``[a-z-[aeiou]]`` included."""
        negated = self.pattern[self.position : self.position + 1] == "^"
        self.position += negated
        content: list[str] = []
        subtracted = ""
        first = True
        while True:
            letter = self.pattern[self.position : self.position + 1]
            if not letter:
                self._fail("a character class is not closed")
            if letter == "]" and not first:
                self.position += 1
                break
            if self.pattern.startswith("-[", self.position) and not first:
                self.position += 2
                subtracted = self._character_class()
            else:
                content.append(self._member())
            first = False
        body = f"[{'^' if negated else ''}{''.join(content)}]"
        return f"[{body}--{subtracted}]" if subtracted else body

    def _member(self) -> str:
        letter = self.pattern[self.position]
        if letter == "\\":
            return self._plain_escape(in_class=True)
        self.position += 1
        if letter == "-":
            return "-" if self._is_range() else r"\-"
        return f"\\{letter}" if letter in "[]^&|~#" or letter.isspace() else letter

    def _is_range(self) -> bool:
        """Return whether the hyphen just read stands between two characters."""
        before = self.pattern[self.position - 2 : self.position - 1]
        after = self.pattern[self.position : self.position + 1]
        is_class = regex.search(r"\\[wWdDsS]$|\\[pP]\{[^}]*\}$", self.pattern[: self.position - 1])
        opens = before == "[" or self.pattern[: self.position - 1].endswith("[^")
        return not (opens or after in ("]", "") or is_class)

    # Groups -------------------------------------------------------------------------------------

    def _open(self) -> None:
        self.position += 1
        if self.pattern.startswith("?#", self.position):
            end = self.pattern.find(")", self.position)
            if end < 0:
                self._fail("a comment is not closed")
            self.position = end + 1
            return
        if not self.pattern.startswith("?", self.position):
            self.outer.append(self.options)
            self.parts.append("(?:" if self.options.explicit_capture else self._unnamed_group())
            return
        self._special_group()

    def _unnamed_group(self) -> str:
        self.unnamed += 1
        return f"(?P<u{self.unnamed}>"

    def _special_group(self) -> None:
        for opening in ("?:", "?=", "?!", "?<=", "?<!", "?>"):
            if self.pattern.startswith(opening, self.position):
                self.outer.append(self.options)
                self.parts.append("(" + self._take(len(opening)))
                return
        if self.pattern.startswith("?(", self.position):
            self._conditional()
        elif named := self._matches(_NAMED):
            self.position = named.end()
            self._named_group(named["angle"] if named["angle"] is not None else named["quote"])
        elif inline := self._matches(_INLINE):
            self._inline_options(inline)
        else:
            self._fail("‘(?’ begins no group that is known")

    def _named_group(self, name: str) -> None:
        if "-" in name:
            self._fail("balancing groups cannot be run here")
        if not regex.fullmatch(r"[^\W0-9]\w*|[1-9][0-9]*", name):
            self._fail(f"‘{name}’ cannot be a group's name")
        if name not in self.named:
            self.named.append(name)
        self.outer.append(self.options)
        self.parts.append(f"(?P<n{self.named.index(name)}>")

    def _inline_options(self, inline: regex.Match[str]) -> None:
        self.position = inline.end()
        on, off = inline["on"], inline["off"] or ""
        changed = replace(
            self.options,
            explicit_capture="n" not in off and ("n" in on or self.options.explicit_capture),
            ignore_whitespace="x" not in off and ("x" in on or self.options.ignore_whitespace),
        )
        if inline["end"] == ":":
            self.outer.append(self.options)
        self.options = changed
        # Only these three change how the library matches; the others have been dealt with.
        on, off = (self._matching_options(one) for one in (on, off))
        flags = on + (f"-{off}" if off else "")
        if inline["end"] == ":":
            self.parts.append(f"(?{flags}:")
        elif flags:
            self.parts.append(f"(?{flags})")

    @staticmethod
    def _matching_options(letters: str) -> str:
        return "".join(sorted(set(letters) & set("ims")))

    def _conditional(self) -> None:
        """Rewrite ``(?(name)yes|no)``, or ``(?(expression)yes|no)`` as a look ahead."""
        reference = regex.compile(r"\?\((\w+)\)").match(self.pattern, self.position)
        self.outer.append(self.options)
        if reference and (reference[1].isdecimal() or reference[1] in self._all_names()):
            self.position = reference.end()
            self.parts += ["(?(", self._condition(reference[1]), ")"]
            return
        self.position += 2
        looks = regex.compile(r"\?<?[=!]").match(self.pattern, self.position)
        self.outer.append(self.options)
        self.parts.append("(?(" + (self._take(len(looks.group())) if looks else "?="))

    def _all_names(self) -> set[str]:
        found = _NAMED.finditer(self.pattern)
        return {name for match in found for name in match.groups() if name}

    def _condition(self, name: str) -> Callable[[], str]:
        def resolve() -> str:
            if name in self.named:
                return f"n{self.named.index(name)}"
            if 0 < int(name) <= self.unnamed + len(self.named):
                return self._group_numbered(int(name))
            raise BadPattern(self.pattern, f"it asks for a group ‘{name}’ that it does not have")

        return resolve

    def _close(self) -> None:
        if not self.outer:
            self._fail("there are more closing than opening parentheses")
        self.position += 1
        self.options = self.outer.pop()
        self.parts.append(")")
