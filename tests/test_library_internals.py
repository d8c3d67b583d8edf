"""Private names of libraries are used in one module: a release of the library may change them."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

import flask_wtf
import jinja2
import pytest
import wtforms

from tests.test_conventions import ROOT, sources

pytestmark = pytest.mark.any_database

HERE = "webapp/core/library_internals.py"
#: Names with an underscore that their libraries document: of named tuples, of SQLAlchemy's rows, of
#: Werkzeug's proxies, of `os`, of linkify-it.
DOCUMENTED = {"_asdict", "_make", "_replace", "_mapping", "_get_current_object", "_exit"}
DOCUMENTED |= {"_on_compile"}
#: Documented of named tuples and rows, but private of forms: allowed at a class, and at these.
FIELDS, HAVE_FIELDS = "_fields", {"held", "values[0]"}
#: Settings of libraries that are variables of their modules.
SETTINGS = {"AvifImagePlugin.DEFAULT_MAX_THREADS", "pi_heif.options.DECODE_THREADS"}
BY_NAME = {"getattr", "setattr", "hasattr", "delattr"}
#: What a class says about the attributes of its instances.
_SET = re.compile(r"\bself\.(_[a-z]\w*)\s*(?::[^=\n]+)?=[^=]")


def is_private(name: str) -> bool:
    """Whether a name is for its owner alone."""
    return name.startswith("_") and not name.startswith("__") and name != "_"


@cache
def owned(tree: ast.AST) -> set[str]:
    """Return the private names that a module gives to what is its own."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and getattr(node.value, "id", "") in ("self", "cls")
        ):
            found.add(node.attr)
    return found


@cache
def everywhere() -> set[str]:
    """Return the private names of all our modules, which subclasses in others use as `self._x`."""
    return set(chain(*(owned(tree) for _path, tree in sources())))


def offences(tree: ast.AST) -> Iterator[str]:
    """Yield where a module uses a private name of a library, or replaces what belongs to one."""
    own = owned(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if any_private(alias.name))
        elif isinstance(node, ast.ImportFrom) and not is_ours(node):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in names if any_private(name))
        elif isinstance(node, ast.Attribute):
            yield from used(node, own)
            if isinstance(node.ctx, ast.Store) and is_library(node.value, tree):
                name = ast.unparse(node)
                yield from () if name in SETTINGS else [f"{name} is replaced"]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in BY_NAME:
            name = node.args[1] if len(node.args) > 1 else None
            if isinstance(name, ast.Constant) and is_private(str(name.value)):
                yield from () if name.value in {*own, *DOCUMENTED} else [ast.unparse(node)]


def used(node: ast.Attribute, own: set[str]) -> Iterator[str]:
    """Yield the attribute if it is private and isn't our own."""
    if not is_private(node.attr) or node.attr in DOCUMENTED:
        return
    base = ast.unparse(node.value)
    if node.attr == FIELDS and (base.rpartition(".")[2][0].isupper() or base in HAVE_FIELDS):
        return
    known = own | (everywhere() - {FIELDS}) if base in ("self", "cls") else own
    if node.attr not in known or base == "super()":
        yield ast.unparse(node)


def any_private(name: str) -> bool:
    """Whether part of a dotted name is private."""
    return any(map(is_private, name.split(".")))


def is_ours(node: ast.ImportFrom) -> bool:
    """Whether the import is from our own code."""
    return node.level > 0 or (node.module or "").partition(".")[0] == "webapp"


def is_library(node: ast.expr, tree: ast.AST) -> bool:
    """Whether an expression in a module is a library's module or class."""
    first = node
    while isinstance(first, ast.Attribute):
        first = first.value
    name = first.id if isinstance(first, ast.Name) else ""
    found = None if name in ("", "self", "cls") else imported(tree, name)
    return inspect.ismodule(found) or inspect.isclass(found)


def imported(tree: ast.AST, name: str) -> Any:
    """Return what a module imports from a library by this name."""
    for node in ast.walk(tree):
        for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
            if (alias.asname or alias.name.partition(".")[0]) != name:
                continue
            if isinstance(node, ast.Import):
                return importlib.import_module(alias.name.partition(".")[0])
            if is_ours(node) or node.module is None:
                return None
            module = importlib.import_module(node.module)
            if hasattr(module, alias.name):
                return getattr(module, alias.name)
            return importlib.import_module(f"{node.module}.{alias.name}")
    return None


def overridden(cls: type, node: ast.ClassDef) -> Iterator[str]:
    """Yield the private names that a class of ours shares with a library's class above it."""
    theirs: dict[str, str] = {}
    for base in librarys(cls):
        given = {*vars(base), *_SET.findall(source_of(base))}
        theirs |= dict.fromkeys(given, f"{base.__module__}.{base.__qualname__}")
    ours = owned(node) | {
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and getattr(inner.value, "id", "") in ("self", "cls")
    }
    for name in sorted(filter(is_private, ours & theirs.keys() - DOCUMENTED)):
        yield f"{cls.__qualname__}.{name} is {theirs[name]}'s"


def librarys(cls: type) -> list[type]:
    """Return the classes of libraries above a class of ours."""
    ours = ("webapp", "tests", "builtins")
    return [base for base in cls.__mro__ if base.__module__.partition(".")[0] not in ours]


@cache
def source_of(cls: type) -> str:
    """Return the source of a class; "" if it isn't written in Python."""
    try:
        return inspect.getsource(cls)
    except (OSError, TypeError):
        return ""


def classes() -> Iterator[tuple[type, ast.ClassDef]]:
    """Yield our classes below a library's."""
    for path, tree in sources():
        name = ".".join(("webapp", *path.with_suffix("").parts)).removesuffix(".__init__")
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                cls = getattr(importlib.import_module(name), node.name)
                if librarys(cls):
                    yield cls, node


def test_one_module_uses_private_names_of_libraries():
    files = [(f"webapp/{path}", tree) for path, tree in sources() if f"webapp/{path}" != HERE]
    files += [
        (name, ast.parse((ROOT / name).read_text())) for name in ("gunicorn.conf.py", "wsgi.py")
    ]
    found = [f"{path}: {offence}" for path, tree in files for offence in offences(tree)]
    assert len(files) > 500
    assert not found, "\n".join(found)


def test_classes_share_no_private_name_with_the_librarys_above_them():
    found = [[*overridden(cls, node)] for cls, node in classes()]
    assert len(found) > 100
    assert not any(found), "\n".join(chain(*found))


@pytest.mark.parametrize(
    "code",
    [
        "from flask.globals import _cv_app",
        "import _socket",
        "from _socket import socket",
        "import markupsafe._speedups",
        "from markupsafe import Markup, _escape_inner",
        "import flask_login\nflask_login.utils._get_user()",
        "from flask import g\ng._login_user = 1",
        "def f(worker):\n    return worker._job_id",
        "def f(form):\n    return form._fields",
        "class A(Form):\n    def f(self):\n        return self._fields",
        "class A(Form):\n    def f(self):\n        return super()._fields",
        "class A(Message):\n    def _message(self):\n        return super()._message()",
        "def f(pool):\n    return getattr(pool, '_max_overflow', 0)",
        "from flask_wtf import csrf\ncsrf.generate_csrf = print",
        "import flask_babel\nflask_babel.get_domain = print",
        "from wtforms.widgets import core\ncore.Input.html_params = print",
        "from wtforms import Form\nForm.validate = print",
        "import wtforms.widgets.core\nwtforms.widgets.core.html_params = print",
    ],
)
def test_control_private_names_and_replacements_are_found(code):
    assert [*offences(ast.parse(code))]


@pytest.mark.parametrize(
    "code",
    [
        "from .parts import _ours\nfrom webapp.core import _also",
        "from __future__ import annotations",
        "from flask_babel import gettext as _",
        "class A:\n    def __init__(self):\n        self._x = 1\n    def f(self, other):\n"
        "        return self._x + other._x",
        "def f(row):\n    return row._replace(a=1)._asdict(), row._mapping",
        "class Rules(NamedTuple):\n    a: int\nRules._fields\nkinds.Rules._fields",
        "from flask import current_app, g\ncurrent_app._get_current_object()\ng.person = 1",
        "import os\nos._exit(1)",
    ],
)
def test_control_own_and_documented_names_are_not(code):
    assert [*offences(ast.parse(code))] == []


class OwnTemplate(jinja2.Template):
    """A class that overrides and reads what is Jinja's."""

    def _get_default_module(self, ctx=None):
        return self._module


class OwnForm(wtforms.Form):
    """A class that reads what WTForms gives its instances."""

    def first(self):
        """Return the first field."""
        return next(iter(self._fields))


class PoliteForm(flask_wtf.FlaskForm):
    """A class with a private name of its own."""

    def _first(self):
        return next(iter(self))


@pytest.mark.parametrize(
    ("cls", "names"),
    [
        (
            OwnTemplate,
            [
                "OwnTemplate._get_default_module is jinja2.environment.Template's",
                "OwnTemplate._module is jinja2.environment.Template's",
            ],
        ),
        (OwnForm, ["OwnForm._fields is wtforms.form.BaseForm's"]),
        (PoliteForm, []),
    ],
)
def test_control_overridden_and_inherited_names_are_found(cls, names):
    node = ast.parse(inspect.getsource(cls)).body[0]
    assert isinstance(node, ast.ClassDef)
    assert [*overridden(cls, node)] == names
