from __future__ import annotations

from deskhand.robin.semantic_codes import EXPLANATIONS, SemanticCode
from deskhand.robin.syntax_codes import SyntaxCode


def test_every_code_is_explained_and_stands_for_one_thing() -> None:
    assert set(EXPLANATIONS) == set(SemanticCode)
    assert not {str(code) for code in SemanticCode} & {str(code) for code in SyntaxCode}
