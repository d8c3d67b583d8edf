"""Variants of functions that each erase one thing less: a test must notice each of them.

Left out, one at a time, are a column that is emptied (by assignment or in an UPDATE), a deletion,
and a model in a loop.
"""

import ast
import copy
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any

Edit = Callable[[ast.AST], None]


#: What empties columns, or deletes rows.
_ERASES = re.compile(r"values\(|delete\(|forget\w*\(")


def of(function: FunctionType, texts: set[str]) -> Iterator[tuple[str, CodeType]]:
    """Yield what is left out, and the function's code without it.

    `texts` are the names of the columns to consider.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for number, node in enumerate(ast.walk(tree)):
        for what, edit in _edits(node, texts):
            changed = copy.deepcopy(tree)
            edit(list(ast.walk(changed))[number])
            yield what, _code(changed, function)


@contextmanager
def put_in(function: FunctionType, code: CodeType) -> Iterator[None]:
    """Replace the function's code for the duration of the block."""
    before, function.__code__ = function.__code__, code
    try:
        yield
    finally:
        function.__code__ = before


def _code(tree: ast.Module, function: FunctionType) -> CodeType:
    namespace: dict[str, Any] = dict(function.__globals__)
    exec(compile(ast.fix_missing_locations(tree), function.__code__.co_filename, "exec"), namespace)
    code = namespace[function.__name__].__code__
    assert isinstance(code, CodeType)
    return code


def _edits(node: ast.AST, texts: set[str]) -> Iterator[tuple[str, Edit]]:
    for block in ("body", "orelse"):
        for place, statement in enumerate(getattr(node, block, None) or []):
            yield from _without_a_part(statement, block, place, texts)
    if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
        for place, item in enumerate(node.iter.elts):
            yield ast.unparse(item), lambda it, place=place: it.iter.elts.pop(place)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "values"
    ):
        for place, item in enumerate(node.keywords):
            if item.arg in texts and node.keywords[1:]:
                yield f"values({ast.unparse(item)})", lambda it, place=place: it.keywords.pop(place)


def _without_a_part(
    statement: ast.stmt, block: str, place: int, texts: set[str]
) -> Iterator[tuple[str, Edit]]:
    said = ast.unparse(statement)
    if isinstance(statement, ast.Expr) and _ERASES.search(said):
        yield said, lambda it: getattr(it, block).__setitem__(place, ast.Pass())
    for number, target in enumerate(statement.targets if isinstance(statement, ast.Assign) else []):
        for index, part in enumerate(target.elts if isinstance(target, ast.Tuple) else [target]):
            if isinstance(part, ast.Attribute) and part.attr in texts:
                yield (
                    f"{ast.unparse(part)} =",
                    lambda it, n=number, i=index: _unset(getattr(it, block)[place], n, i),
                )


def _unset(statement: ast.Assign, number: int, index: int) -> None:
    """Assign to a name that nobody reads instead."""
    nobody, target = ast.Name("_nobody", ast.Store()), statement.targets[number]
    if isinstance(target, ast.Tuple):
        target.elts[index] = nobody
    else:
        statement.targets[number] = nobody
