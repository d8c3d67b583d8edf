"""Nothing is written twice: one name for a module, one for a value."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from .test_conventions import sources

pytestmark = pytest.mark.any_database


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (what is imported, by which name), but not `import a.b`, which names only a."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.name, one.asname or one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            stem = "." * node.level + (node.module or "")
            yield from ((f"{stem}:{one.name}", one.asname or one.name) for one in node.names)


def top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements outside of functions and classes, also those below an `if`."""
    for statement in tree.body:
        yield statement
        if isinstance(statement, ast.If):
            yield from statement.body


def constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr, bool]]:
    """Yield (name, value, whether it's one of a named list) as in `A, B = BOTH = ("a", "b")`."""
    for statement in tree.body:
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = getattr(statement.value, "elts", []) if len(names) > 1 else [statement.value]
            for name, value in zip(names, values, strict=False):
                if isinstance(name, ast.Name) and name.id.isupper():
                    yield name.id, value, len(statement.targets) > 1


def test_a_file_imports_a_thing_by_one_name():
    wrong = []
    for path, tree in sources():
        names = defaultdict(set)
        for what, name in imported(tree):
            names[what].add(name)
        wrong += [f"{path}: {what} as {said}" for what, said in names.items() if len(said) > 1]
    assert wrong == []


def test_a_module_binds_a_name_once():
    wrong = []
    for path, tree in sources():
        bound = Counter(
            name
            for statement in top_level(tree)
            if isinstance(statement, ast.Import | ast.ImportFrom)
            for _what, name in imported(statement)
        )
        bound.update(name for name, _value, _is_listed in constants(tree))
        bound.update(
            one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)
        )
        wrong += [f"{path}: {name}" for name, times in bound.items() if times > 1]
    assert wrong == []


def test_a_value_has_one_name_in_its_module():
    """Only two named lists may share a word, such as who uploads and who sees files."""
    wrong = []
    for path, tree in sources():
        names = defaultdict(list)
        for name, value, is_listed in constants(tree):
            if isinstance(value, ast.Name) and value.id.isupper():
                wrong.append(f"{path}: {name} = {value.id}")
            elif isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                names[value.value].append((name, is_listed))
        wrong += [
            f"{path}: {said!r} is {[name for name, _is_listed in found]}"
            for said, found in names.items()
            if len(found) > 1 and not all(is_listed for _name, is_listed in found)
        ]
    assert wrong == []


def test_features_ask_one_function_for_the_readers_language():
    asking = [
        str(path)
        for path, tree in sources()
        for statement in top_level(tree)
        if isinstance(statement, ast.ImportFrom) and path.parts[0] != "core"
        if "get_locale" in [one.name for one in statement.names]
    ]
    assert asking == []
