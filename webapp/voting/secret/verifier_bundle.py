"""Builds verify.py: one program from the modules that check and count votes, each after those it
needs.

Nothing is written twice, and no code is hidden in strings: anyone who reads verify.py reads the
code that the site runs. A name that two modules define, or one called through its module
(`lot.order`), gets the module's name as a prefix (`lot_order`).
"""

import ast
import builtins
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

VOTING = Path(__file__).parent.parent
#: (line, column in bytes, length in bytes) -> the replacement.
Places = dict[tuple[int, int, int], str]


class Source:
    """A module: what it defines, what it imports, and which modules it calls by name."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.folder, _slash, self.name = path.rpartition("/")
        file = VOTING / f"{path}.py"
        self.text = (file if file.exists() else VOTING / path / "__init__.py").read_text("utf-8")
        self.package = self.folder if file.exists() else path
        self.tree = ast.parse(self.text)

    @cached_property
    def defined(self) -> list[str]:
        """The names of its functions, classes and constants, in order."""
        return list(dict.fromkeys(name for node in self.tree.body for name in _bound(node)))

    @cached_property
    def imports(self) -> list[ast.ImportFrom | ast.Import]:
        """Its imports; there are none inside functions."""
        return [node for node in self.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]

    def taken(self) -> Iterator[tuple[str, str, str]]:
        """Yield each name imported from another of our modules: its name here, the module, and its
        name there ("" for the module itself).
        """
        for node in self.imports:
            if isinstance(node, ast.ImportFrom) and node.level:
                above = (
                    self.package.split("/")[: len(self.package.split("/")) - node.level + 1]
                    if self.package
                    else []
                )
                stem = "/".join(part for part in (*above, *(node.module or "").split(".")) if part)
                for alias in node.names:
                    own = f"{stem}/{alias.name}" if stem else alias.name
                    yield (alias.name, own, "") if _is_file(own) else (alias.name, stem, alias.name)


class VerifierBundle:
    """A module and all modules that it needs, itself last."""

    def __init__(self, path: str) -> None:
        self.sources: dict[str, Source] = {}
        self._bring(path)
        self.names = self._named()

    def _bring(self, path: str) -> None:
        source = Source(path)
        for _here, other, _there in source.taken():
            if other not in self.sources:
                self._bring(other)
        self.sources[path] = source

    def _named(self) -> dict[tuple[str, str], str]:
        """The name of each definition in the one file.
        Raises ValueError if two would have the same name.
        """
        called = {place for source in self.sources.values() for place in self._called(source)}
        often = Counter(name for source in self.sources.values() for name in source.defined)
        names = {
            (path, name): _prefixed(source.name, name)
            if often[name] > 1 or (path, name) in called
            else name
            for path, source in self.sources.items()
            for name in source.defined
        }
        twice = [
            name
            for name, times in Counter(names.values()).items()
            if times > 1 or hasattr(builtins, name)
        ]
        if twice:
            raise ValueError(f"more than one thing would be called {twice}")
        return names

    def _called(self, source: Source) -> Iterator[tuple[str, str]]:
        files = {here: path for here, path, there in source.taken() if not there}
        for node in ast.walk(source.tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in files
            ):
                yield self._home(files[node.value.id], node.attr)

    def _home(self, path: str, name: str) -> tuple[str, str]:
        """Where a name in a module is defined: there, or in a module from which it's imported."""
        for here, other, there in self.sources[path].taken():
            if here == name and there:
                return self._home(other, there)
        return path, name

    def imports(self) -> list[str]:
        """Return the imports from the standard library, one per line."""
        plain: set[str] = set()
        named: dict[str | None, set[str]] = {}
        for source in self.sources.values():
            for node in source.imports:
                if isinstance(node, ast.Import):
                    plain |= {f"import {alias.name}" for alias in node.names}
                elif not node.level:
                    named.setdefault(node.module, set()).update(alias.name for alias in node.names)
        return sorted(plain) + [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(named.items(), key=str)
        ]

    def parts(self) -> Iterator[str]:
        """Yield each module: a heading, its docstring as a comment, and its code."""
        for path, source in self.sources.items():
            code = self._code(source).strip("\n")
            said = "\n".join(
                f"# {line}".rstrip() for line in (ast.get_docstring(source.tree) or "").splitlines()
            )
            yield (
                f"# ---- {path} ".ljust(100, "-")
                + f"\n{said}\n"
                + (f"\n\n{code}\n" if code else "")
            )

    def _code(self, source: Source) -> str:
        lines: list[bytes | None] = [line.encode() for line in source.text.splitlines()]
        for (row, column, length), new in sorted(self._renamed(source).items(), reverse=True):
            line = lines[row - 1] or b""
            lines[row - 1] = line[:column] + new.encode() + line[column + length :]
        for node in _left_out(source.tree):
            lines[node.lineno - 1 : node.end_lineno] = [None] * (
                (node.end_lineno or node.lineno) - node.lineno + 1
            )
        return "\n".join(line.decode() for line in lines if line is not None)

    def _renamed(self, source: Source) -> Places:
        """All places where a name of this module is replaced."""
        files = {here: path for here, path, there in source.taken() if not there}
        new = {name: self.names[source.path, name] for name in source.defined}
        new |= {
            here: self.names[self._home(path, there)]
            for here, path, there in source.taken()
            if there
        }
        new = {name: other for name, other in new.items() if name != other}
        _unshadowed(source, {*new, *files})
        places: Places = {}
        for node in ast.walk(source.tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in files
            ):
                places |= _place(
                    node,
                    f"{node.value.id}.{node.attr}",
                    self.names[self._home(files[node.value.id], node.attr)],
                )
            elif isinstance(node, ast.Name) and node.id in new:
                places |= _place(node, node.id, new[node.id])
        for definition in source.tree.body:
            if isinstance(definition, (ast.FunctionDef, ast.ClassDef)) and definition.name in new:
                column = len("def ") if isinstance(definition, ast.FunctionDef) else len("class ")
                places[definition.lineno, column, len(definition.name)] = new[definition.name]
        return places


def _is_file(path: str) -> bool:
    return (VOTING / f"{path}.py").exists() or (VOTING / path / "__init__.py").exists()


def _prefixed(file: str, name: str) -> str:
    return (
        f"_{file}{name}"
        if name.startswith("_")
        else f"{file.upper() if name.isupper() else file}_{name}"
    )


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a module's statement binds."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [
            one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)
        ]
        yield from (name for name in names if name != "__all__")


def _left_out(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements left out of the one file: docstrings of modules, imports and `__all__`."""
    for node in tree.body:
        is_said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_offer = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        if is_said or is_offer or isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node


def _place(node: ast.expr, old: str, new: str) -> Places:
    return {(node.lineno, node.col_offset, len(old.encode())): new}


def _unshadowed(source: Source, names: set[str]) -> None:
    """Raises ValueError if one of these names is shadowed by a local, or is in an f-string, whose
    positions aren't known.
    """
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            inner = [one.arg for one in ast.walk(node) if isinstance(one, ast.arg)]
            inner += [
                one.id
                for one in ast.walk(node)
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            ]
        elif isinstance(node, ast.JoinedStr):
            inner = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
        else:
            continue
        if clash := names.intersection(inner):
            raise ValueError(f"{source.path}, line {node.lineno}: {sorted(clash)} would be renamed")
