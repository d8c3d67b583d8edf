"""Styles follow the direction of writing: they name starts and ends, not left and right."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

CSS = Path(__file__).parents[2] / "static" / "css"
#: The declarations that may name a side, by file, and why.
ALLOWED = {
    "base.css": {
        "background-position: right 1.2rem center, right .85rem center": "mirrored below",
        "background-position: left .85rem center, left 1.2rem center": "the mirrored one",
    },
    "components.css": {
        "border-width: 0 1.75px 1.75px 0": "turned by 45 degrees it points down",
    },
    "email.css": {"margin-right: 10px": "some email programs know only sides"},
}
SIDES = re.compile(r"\b(left|right)\b")
DECLARATION = re.compile(r"(?<=[{;\s])([a-z-]+)\s*:\s*([^;{}]+?)\s*(?=[;}])")
#: With four values these name the right before the left.
AROUND = {"margin", "padding", "inset", "border-width", "border-style", "border-color"}
AROUND |= {"scroll-margin", "scroll-padding"}


def sided(css: str) -> Iterator[str]:
    """Return the declarations that treat left and right differently."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for name, value in DECLARATION.findall(css):
        declaration = f"{name}: {' '.join(value.split())}"
        if SIDES.search(name) or SIDES.search(value) or is_lopsided(name, values_of(value)):
            yield declaration


def values_of(value: str) -> list[str]:
    """Return the parts of a value; spaces inside parentheses separate nothing."""
    return re.findall(r"(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+", value.replace("!important", ""))


def is_lopsided(name: str, values: list[str]) -> bool:
    """Whether four values are other on the right than on the left."""
    if len(values) != 4:
        return False
    first, second, third, fourth = values
    if name == "border-radius":
        return first != second or third != fourth
    return name in AROUND and second != fourth


def test_styles_name_starts_and_ends_instead_of_left_and_right():
    found = {path.name: set(sided(path.read_text())) for path in sorted(CSS.glob("*.css"))}
    assert {name: lines for name, lines in found.items() if lines} == {
        name: set(lines) for name, lines in ALLOWED.items()
    }


@pytest.mark.parametrize(
    "css",
    [
        "a { margin-left: 1rem }",
        "a{padding-right:1rem}",
        "a { left: 0 }",
        "a { color: red; text-align: left }",
        "a { float: right }",
        "a { margin: 0 var(--s1) 0 calc(-1 * (1rem + 2px)) }",
        "a { border-radius: 0 1rem 1rem 0 }",
        "a { border-top-left-radius: 0 }",
    ],
)
def test_control_styles_for_one_side_are_noticed(css):
    assert len(list(sided(css))) == 1


def test_styles_for_both_sides_alike_are_allowed():
    assert not list(
        sided("a { margin: 0 1rem 2rem 1rem; inset-inline-start: 0; border-radius: 0 0 1px 1px }")
    )
