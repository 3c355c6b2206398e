"""A place in a flow's tokens, and what parsing has gathered on the way there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from deskhand.robin.lexer import RESERVED_WORDS, Fault, Kind, Source, Token
from deskhand.robin.nodes import Span
from deskhand.robin.syntax_codes import SyntaxCode

MAX_NESTING = 48
"""How deep blocks, or expressions, may stand inside each other; no flow comes near it."""

LINE_ENDS = frozenset({Kind.NEWLINE, Kind.COMMENT, Kind.BLOCK_COMMENT, Kind.END, Kind.REPOSITORY})
"""What may follow a complete statement."""


class Failure(Exception):
    """A statement cannot be read; the fault is None if the lexer has told already."""

    def __init__(self, fault: Fault | None) -> None:
        super().__init__(fault)
        self.fault = fault


class Hopeless(Failure):
    """Reading on would only repeat the fault."""


class Cursor:
    """Reads tokens one by one; inside brackets it passes over line ends.

    Attributes:
        source: The text that the tokens count in.
        is_action: Tells which dotted names are actions; None where no library is known.
        faults: What parsing found wrong, in no order.
        row: The number of the latest row of the subflow.
        in_handler: Whether rows are not counted, as in error handlers (robin 15).
    """

    def __init__(
        self,
        source: Source,
        tokens: Sequence[Token],
        *,
        lexer_faults: Sequence[Fault] = (),
        is_action: Callable[[str], bool] | None = None,
        nesting: int = 0,
    ) -> None:
        self.source = source
        self.is_action = is_action
        self.faults: list[Fault] = []
        self.row = 0
        self.in_handler = False
        self._tokens = tokens
        self._index = 0
        self._failed_index = -1
        self._brackets = 0
        self._nesting = nesting
        self._block_nesting = 0
        self._last = tokens[0]
        self._lexer_faults = sorted(lexer_faults, key=lambda fault: fault.start)
        self._forgiven: list[tuple[int, int]] = []

    # Looking

    @property
    def current(self) -> Token:
        """The token to read next."""
        return self._tokens[self._index]

    @property
    def word(self) -> str:
        """The current word in capitals, or an empty text."""
        token = self._tokens[self._index]
        return token.text.upper() if token.kind is Kind.WORD else ""

    def at_sign(self, *signs: str) -> bool:
        """Tell whether one of some signs comes next."""
        token = self._tokens[self._index]
        return token.kind is Kind.SIGN and token.text in signs

    def at_line_end(self) -> bool:
        """Tell whether the statement's line has nothing more to read."""
        return self.current.kind in LINE_ENDS

    def peek(self, count: int = 1) -> Token:
        """Return the token some places on, line ends inside brackets not counted."""
        return self.ahead(count + 1)[count]

    def ahead(self, count: int) -> list[Token]:
        """Return the next tokens, the current one first."""
        found: list[Token] = []
        for index in range(self._index, len(self._tokens)):
            token = self._tokens[index]
            if token.kind is not Kind.NEWLINE or not self._brackets:
                found.append(token)
            if len(found) == count:
                return found
        return found + [self._tokens[-1]] * (count - len(found))

    def ahead_in_brackets(self, count: int) -> list[Token]:
        """Return the next tokens, the current opening bracket first, as if it were read already."""
        self._brackets += 1
        found = self.ahead(count)
        self._brackets -= 1
        return found

    def at_argument(self) -> bool:
        """Tell whether ``name:``, ``name=>`` or ``@name`` comes next."""
        if self.at_sign("@"):
            return True
        return self.current.kind is Kind.WORD and is_sign(self.peek(), ":", "=>")

    # Reading

    def take(self) -> Token:
        """Read the current token."""
        token = self._tokens[self._index]
        if token.kind is not Kind.END:
            self._index += 1
            self._last = token
        if self._brackets:
            self._pass_newlines()
        return token

    def take_word(self, *words: str) -> bool:
        """Read some keywords if they come next, all of them or none."""
        upcoming = self.ahead(len(words))
        if any(token.kind is not Kind.WORD for token in upcoming):
            return False
        if tuple(token.text.upper() for token in upcoming) != words:
            return False
        for _ in words:
            self.take()
        return True

    def take_sign(self, *signs: str) -> Token | None:
        """Read one of some signs if it comes next."""
        return self.take() if self.at_sign(*signs) else None

    def expect_word(self, word: str, purpose: str) -> None:
        """Read a keyword that has to come next."""
        if not self.take_word(word):
            raise self.failure(SyntaxCode.EXPECTED, f"‘{word}’ belongs here, {purpose}")

    def expect_sign(self, sign: str, purpose: str) -> Token:
        """Read a sign that has to come next."""
        token = self.take_sign(sign)
        if token is None:
            raise self.failure(SyntaxCode.EXPECTED, f"‘{sign}’ belongs here, {purpose}")
        return token

    def identifier(self, what: str) -> str:
        """Read a name that is not quoted."""
        token = self.current
        if token.kind is not Kind.WORD:
            raise self.failure(SyntaxCode.EXPECTED, f"the name of {what} belongs here")
        if token.text.upper() in RESERVED_WORDS:
            raise self.failure(
                SyntaxCode.RESERVED_WORD,
                f"‘{token.text}’ is a word of the language and cannot name {what}; choose another name",
            )
        return self.take().text

    def any_name(self, what: str) -> str:
        """Read a name that may be quoted (robin 2.2)."""
        token = self.current
        if token.kind is Kind.PLAIN:
            return self.take().text
        if token.kind is Kind.WORD and token.text.upper() in RESERVED_WORDS - {"MAIN"}:
            raise self.failure(
                SyntaxCode.RESERVED_WORD,
                f"‘{token.text}’ is a word of the language; as the name of {what} write it in quotes:"
                f" '{token.text}'",
            )
        if token.kind is not Kind.WORD:
            raise self.failure(SyntaxCode.EXPECTED, f"the name of {what} belongs here")
        return self.take().text

    @contextmanager
    def brackets(self, closing: str) -> Iterator[Token]:
        """Read an opening bracket; after the body, the closing one. Line ends between mean nothing."""
        self._brackets += 1
        opening = self.take()
        yield opening
        if not self.at_sign(closing):
            raise self._unclosed(opening, closing)
        self._brackets -= 1
        self.take()

    def _unclosed(self, opening: Token, closing: str) -> Failure:
        line, column = self.source.position(opening.start)
        found = "" if self.current.kind is Kind.END else f" before {self.shown()}"
        return self.failure(
            SyntaxCode.EXPECTED,
            f"‘{closing}’ is missing{found}; ‘{opening.text}’ opens at line {line}, column {column}",
        )

    def _pass_newlines(self) -> None:
        while self._tokens[self._index].kind is Kind.NEWLINE:
            self._index += 1

    def skip_newlines(self) -> None:
        """Read over empty lines."""
        self._pass_newlines()

    # Failing and going on

    def shown(self) -> str:
        """Return the current token as messages name it."""
        token = self.current
        if token.kind in {Kind.END, Kind.REPOSITORY}:
            return "the end of the text"
        if token.kind is Kind.NEWLINE:
            return "the end of the line"
        written = self.source.text[token.start : token.end]
        first_line = written.splitlines()[0] if written else written
        return f"‘{first_line if len(first_line) <= 30 else first_line[:29] + '…'}’"

    def failure(self, code: SyntaxCode, message: str, at: Token | None = None) -> Failure:
        """Return the reason to give the statement up, which stands at a token, or here."""
        token = at or self.current
        if token.kind is Kind.BROKEN:
            return Failure(None)
        return Failure(Fault(code, message, token.start, token.end))

    def report(self, fault: Fault | None) -> None:
        """Keep a fault for the list of diagnostics."""
        if fault is not None:
            self.faults.append(fault)

    def note(self, code: SyntaxCode, message: str, at: Token) -> None:
        """Keep a fault and read on as if it were not there."""
        self.faults.append(Fault(code, message, at.start, at.end))

    def note_span(self, code: SyntaxCode, message: str, span: Span) -> None:
        """Keep a fault about something that was read already."""
        start = self.source.offset(span.line, span.column)
        self.faults.append(Fault(code, message, start, self.source.offset(span.end_line, span.end_column)))

    def follows_failure(self) -> bool:
        """Tell whether nothing but empty lines and comments follows a statement that was given up."""
        if self._failed_index < 0:
            return False
        return all(token.kind in LINE_ENDS for token in self._tokens[self._failed_index : self._index])

    def skip_statement(self) -> None:
        """Go to the next line that can begin a statement."""
        in_brackets = self._brackets > 0
        self._brackets = 0
        while not self._begins_line() or (in_brackets and not self._may_begin_statement()):
            if self.current.kind in {Kind.END, Kind.REPOSITORY}:
                break
            self._index += 1
        self._failed_index = self._index

    def _begins_line(self) -> bool:
        before = self._tokens[self._index - 1] if self._index else None
        return self.current.kind is Kind.NEWLINE or before is None or before.kind is Kind.NEWLINE

    def _may_begin_statement(self) -> bool:
        if self.current.kind is Kind.WORD:
            return self.word in RESERVED_WORDS or is_sign(self.peek(), ".")
        return self.at_sign("@", "@@") or self.current.kind in {Kind.REGION, Kind.END_REGION, Kind.COMMENT}

    def forgive(self, start: int) -> None:
        """Drop what the lexer found wrong between a disabled statement's start and here."""
        self._forgiven.append((start, self.current.start))

    def is_faulty_since(self, start: int) -> bool:
        """Tell whether the lexer found something wrong between an offset and here."""
        index = bisect_left(self._lexer_faults, start, key=lambda fault: fault.start)
        return index < len(self._lexer_faults) and self._lexer_faults[index].start < self.last_end

    def all_faults(self) -> list[Fault]:
        """Return what lexer and parser found wrong, in the order of the text."""
        kept = [fault for fault in self._lexer_faults if not self._is_forgiven(fault)]
        return sorted({*kept, *self.faults}, key=lambda fault: (fault.start, fault.code))

    def _is_forgiven(self, fault: Fault) -> bool:
        index = bisect_left(self._forgiven, (fault.start + 1,)) - 1
        return index >= 0 and fault.start < self._forgiven[index][1]

    # Places

    @property
    def last_end(self) -> int:
        """The offset past the last token that was read."""
        return self._last.end

    def span_since(self, start: int) -> Span:
        """Return the span from an offset to the last token that was read."""
        return self.source.span(start, max(start, self._last.end))

    def text_since(self, start: int) -> str:
        """Return the text from an offset up to here, without blanks at its end."""
        index = self._index
        while index and self._tokens[index - 1].kind is Kind.NEWLINE:
            index -= 1
        end = self._tokens[index - 1].end if index else start
        return self.source.text[start:end].strip()

    def is_on_later_line(self, token: Token, before: Token) -> bool:
        """Tell whether a line ends between two tokens."""
        return self.source.position(token.start)[0] > self.source.position(before.start)[0]

    # Depth

    def inside(self, tokens: Sequence[Token]) -> Cursor:
        """Return a cursor over the tokens of a ``%...%``, one level deeper."""
        return Cursor(self.source, tokens, nesting=self._nesting + 1)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Guard one more level of an expression."""
        if self._nesting >= MAX_NESTING:
            raise self.failure(
                SyntaxCode.TOO_DEEP, f"expressions stand more than {MAX_NESTING} levels inside each other"
            )
        self._nesting += 1
        try:
            yield
        finally:
            self._nesting -= 1

    @contextmanager
    def nested_block(self, opener: Token) -> Iterator[None]:
        """Guard one more level of blocks."""
        if self._block_nesting >= MAX_NESTING:
            message = (
                f"blocks stand more than {MAX_NESTING} levels inside each other; move some into a subflow"
            )
            raise Hopeless(Fault(SyntaxCode.TOO_DEEP, message, opener.start, opener.end))
        self._block_nesting += 1
        try:
            yield
        finally:
            self._block_nesting -= 1


def is_sign(token: Token, *signs: str) -> bool:
    """Tell whether a token is one of some signs."""
    return token.kind is Kind.SIGN and token.text in signs
