"""docs/security.md is true: every promise has tests, and every named test exists."""

import ast
from functools import cache
from pathlib import Path

import pytest

from .promises import PAGE, PROVED, text

pytestmark = pytest.mark.any_database

TESTS = Path(__file__).parent.parent
PROOFS = sorted({proof for promise in PROVED for proof in promise.proofs})


def test_the_page_matches_the_list():
    assert PAGE.read_text() == text(), "python -m tests.security.promises writes it again"


def test_every_named_test_exists():
    named = [proof.partition("::") for proof in PROOFS]

    assert [(file, name) for file, _, name in named if name not in functions(file)] == []


@cache
def functions(file: str) -> set[str]:
    """Return the names of a file's functions."""
    tree = ast.parse((TESTS / file).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_promise_is_listed_once_and_has_tests():
    rows = [promise.row for promise in PROVED]

    assert len(rows) == len(set(rows))
    assert all(promise.proofs for promise in PROVED)
