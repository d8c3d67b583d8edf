"""docs/security.md says what is so: every promise has tests, and every test that it names exists."""

import ast
from pathlib import Path

import pytest

from .promises import PAGE, PROVED, text

pytestmark = pytest.mark.any_database

TESTS = Path(__file__).parent.parent
PROOFS = sorted({proof for promise in PROVED for proof in promise.proofs})


def test_the_page_is_what_the_list_says():
    assert PAGE.read_text() == text(), "python -m tests.security.promises writes it anew"


@pytest.mark.parametrize("proof", PROOFS)
def test_a_named_test_exists(proof):
    file, _, name = proof.partition("::")
    tree = ast.parse((TESTS / file).read_text())

    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_stands_once_and_is_proved():
    rows = [promise.row for promise in PROVED]

    assert len(rows) == len(set(rows))
    assert all(promise.proofs for promise in PROVED)
