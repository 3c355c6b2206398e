"""Trees to text: the canonical form of robin 17."""

from __future__ import annotations

from deskhand.robin.nodes import Binary, BinaryOperator, Name, NumberLiteral, Property, Unary, UnaryOperator
from deskhand.robin.parser import parse
from deskhand.robin.printer import print_expression, print_script, print_statement

CANONICAL = """@@ConnectionString: ''
IMPORT 'controlRepo.appmask' AS appmask
@SENSITIVE: [Password]
@INPUT Tries : { 'Description': '''two
lines''', 'Type': 'Numeric', 'IsOptional': False, 'DefaultValue': 3 }
**REGION Start
SET S TO $'''C:\\\\Temp \\'%Name%\\' is 100%% \\"sure\\"
really'''
**ENDREGION
/# two
lines #/
@@source: 'Recorder'
File.Delete Files: [A, 'b']
ON ERROR REPEAT 3 TIMES WAIT 5
ON ERROR TimeoutError
    SET T TO { ^['a'], [1] }
ON ERROR

END
IF (File.IfFile.Exists File: P) THEN
ON ERROR

END
    LOOP i FROM 1 TO 10 STEP 1
        NEXT LOOP
    END
ELSE IF (A) <> (-1) THEN
    SET O TO { 'k': {{ }} }
ELSE
    BLOCK 'My block'
    ON BLOCK ERROR all
        GOTO 'Exit'
    END
        #note
    END
END
SWITCH L.Count
    # before
    CASE <= 5
        SET T TO { }
    DEFAULT
        EXIT Code: 1 ErrorMessage: $'''x'''
END
DISABLE LOOP WHILE NOT(Done)
    WAIT (System.WaitForProcess.ProcessToStop ProcessName: $'''x''') FOR 10
DISABLE END
External.RunFlow FlowId: 'a' @'in/put': 1 @Out=> B
LABEL 'Exit'
ERROR => E Reset: True
FUNCTION Work GLOBAL
    CALL 'Create folders'
END FUNCTION
FUNCTION Add LOCAL
    @INPUT a : { 'Type': 'Numeric' }
    @OUTPUT c
    EXIT FUNCTION
END FUNCTION
FUNCTION Sum INPUT a, b OUTPUT c
END FUNCTION
# [ControlRepository][PowerAutomateDesktop]
{ "a": 1 }"""


def test_canonical_text_prints_as_itself() -> None:
    assert print_script(parse(CANONICAL)) == CANONICAL


def test_free_spacing_and_older_spellings_become_canonical() -> None:
    source = """
   set T to {^['a'],[1]}
if   A!=  "x"   then
set B to [1,2]
end
      LOOP FROM 1 TO 3
      END
  Text.ToNumber Text:$'''1'''   Number =>N
"""
    assert (
        print_script(parse(source))
        == """SET T TO { ^['a'], [1] }
IF A <> 'x' THEN
    SET B TO [1, 2]
END
LOOP FROM 1 TO 3 STEP 1
END
Text.ToNumber Text: $'''1''' Number=> N
"""
    )


def test_one_statement_prints_with_all_that_belongs_to_it() -> None:
    source = "@@a: 'b'\nIF A THEN\n    SET B TO 1\nEND\n"
    assert print_statement(parse(source).body[0]) == source


def test_a_built_expression_gets_the_parentheses_it_needs() -> None:
    total = Binary(BinaryOperator.ADD, Name("a"), Name("b"))
    product = Binary(BinaryOperator.MULTIPLY, total, Unary(UnaryOperator.MINUS, total))
    compared = Binary(BinaryOperator.EQUAL, Binary(BinaryOperator.EQUAL, Name("a"), product), Name("c"))
    assert print_expression(compared) == "(a = (a + b) * -(a + b)) = c"
    assert print_expression(Property(total, "Length")) == "(a + b).Length"
    assert print_expression(Unary(UnaryOperator.NOT, NumberLiteral("1", 1))) == "NOT 1"
