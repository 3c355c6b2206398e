"""UI elements and images of every flow of the corpus change, and everything else keeps its bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deskhand.editor.elements import flow_elements, rename_element, rename_image, set_selectors
from deskhand.editor.outline import outline
from deskhand.editor.repository import ElementPlace
from tests.corpus.test_corpus import flows


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in flows()])
def test_a_change_that_is_taken_back_leaves_every_byte(text: str) -> None:
    found = outline(text)
    flow = found.text
    for screen in flow_elements(found).screens:
        place = ElementPlace(screen.repository, screen.name)
        assert set_selectors(found, place, screen.selectors) == flow
        for element in screen.elements:
            where = replace(place, element=element.name)
            assert set_selectors(found, where, element.selectors) == flow
            renamed = outline(rename_element(found, where, "Another 'name'"))
            assert rename_element(renamed, replace(where, element="Another 'name'"), element.name) == flow
        renamed = outline(rename_element(found, place, "Another screen"))
        assert rename_element(renamed, replace(place, screen="Another screen"), screen.name) == flow
    for image in flow_elements(found).images:
        renamed = outline(rename_image(found, image.path, "Another image"))
        assert rename_image(renamed, [*image.path[:-1], "Another image"], image.path[-1]) == flow
