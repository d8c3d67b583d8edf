"""The rules in docs/architecture.md, checked by reading the code and the URL map."""

import ast
import builtins
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from flask import Flask

from webapp import FEATURES

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parent.parent
WEBAPP = ROOT / "webapp"
#: The event page contains the answer form.
RIGHTWARD = {("events/routes/event_page.py", "webapp.attendance.forms")}
KNOWS_ALL = {"home", "ops", "admin", "privacy"}
#: Who may import whom: each only those before it.
LINE = ["core", *(name for name in FEATURES if name not in KNOWS_ALL)]
#: The parts of a feature that belong to a request, a job or a command; all others are models and
#: rules.
OUTER = {"routes", "forms", "jobs", "cli", "loader", "__init__"}
LAYERS = ["models", "access", "rules", "forms", "outer"]
#: Needs only the standard library, because it's part of verify.py. Models know the kinds of votes
#: from it.
PURE = ("voting", "tally")
COMMITS = {"routes", "jobs", "cli"}
#: Modules that commit for others: `submit` for routes, `idempotency` for forms sent once, `session`
#: for writes during a GET, `errors` for refusals, `engine` for settings of a new connection.
COMMITS_FOR_OTHERS = {
    "core/db/engine.py",
    "core/http/submit.py",
    "core/db/idempotency.py",
    "core/db/session.py",
    "core/http/errors.py",
}


@cache
def sources() -> list[tuple[Path, ast.Module]]:
    """Return all files of the application, parsed once."""
    return [
        (path.relative_to(WEBAPP), ast.parse(path.read_text()))
        for path in sorted(WEBAPP.rglob("*.py"))
    ]


def imports(path: Path, tree: ast.Module) -> Iterator[str]:
    """Yield all modules that a file imports, as absolute names, also inside functions and under
    TYPE_CHECKING.
    """
    package = ["webapp", *path.parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield stem
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def layer(parts: tuple[str, ...]) -> str:
    """Return the layer of a file inside its feature."""
    name = parts[1].removesuffix(".py")
    if parts[:2] == PURE:
        return "models"
    if name in {"models", "access", "forms"}:
        return name
    return "outer" if name in OUTER else "rules"


def feature_files() -> Iterator[tuple[Path, ast.Module]]:
    for path, tree in sources():
        if len(path.parts) > 1 and path.parts[0] in LINE[1:]:
            yield path, tree


def test_features_import_leftward_only():
    wrong = []
    for path, tree in sources():
        here = path.parts[0]
        if here not in LINE:
            continue
        for name in imports(path, tree):
            parts = name.split(".")
            if parts[0] != "webapp" or len(parts) < 2 or parts[1] not in {*LINE, *KNOWS_ALL}:
                continue
            rightward = parts[1] in KNOWS_ALL or LINE.index(parts[1]) > LINE.index(here)
            joined_by_reads = (
                path.parts[1].removesuffix(".py") == "routes"
                and parts[2:3] == ["reads"]
                or name == f"webapp.{parts[1]}"
            )
            is_known = (path.as_posix(), ".".join(parts[:3])) in RIGHTWARD
            if rightward and not joined_by_reads and not is_known:
                wrong.append(f"{path} imports {name}")
    assert not wrong


def test_layers_of_a_feature_import_downward_only():
    wrong = []
    for path, tree in feature_files():
        mine = LAYERS.index(layer(path.parts))
        for name in imports(path, tree):
            parts = name.split(".")
            if parts[:2] != ["webapp", path.parts[0]] or len(parts) < 3:
                continue
            if LAYERS.index(layer((parts[1], parts[2]))) > mine:
                wrong.append(f"{path} imports {name}")
    assert not wrong


def layer_of_feature(name: str) -> str:
    """Return the feature and layer of a module; `core`, `config` and the application as wholes."""
    _webapp, *parts = name.split(".")
    if not parts or parts[0] not in {*LINE[1:], *KNOWS_ALL}:
        return parts[0] if parts else name
    return f"{parts[0]}, {layer((*parts, '__init__'))}"


@cache
def imported_modules() -> dict[str, set[str]]:
    """Return each module's name with those of the modules that it imports."""
    modules = {
        ".".join(["webapp", *path.with_suffix("").parts]).removesuffix(".__init__"): (path, tree)
        for path, tree in sources()
    }
    found: dict[str, set[str]] = {name: set() for name in modules}
    for module, (path, tree) in modules.items():
        for statement in ast.walk(tree):
            if isinstance(statement, ast.ImportFrom):
                package, *named = imports(path, statement)
                found[module] |= {name if name in modules else package for name in named}
    return {name: imported & {*modules} for name, imported in found.items()}


@pytest.mark.parametrize("part", [str, layer_of_feature])
def test_imports_form_no_circle(part):
    """Also those inside functions and under TYPE_CHECKING, which only hide a circle."""
    graph = defaultdict(set)
    for module, imported in imported_modules().items():
        graph[part(module)] |= {*map(part, imported)} - {part(module)}
    assert len(graph) > 50
    TopologicalSorter(graph).prepare()


def test_models_and_rules_do_not_use_the_request():
    wrong = [
        f"{path} imports {name}"
        for path, tree in feature_files()
        if layer(path.parts) in {"models", "access", "rules"}
        for name in imports(path, tree)
        if name.split(".")[0] in {"flask", "flask_login", "flask_wtf"}
        and name not in {"flask_login", "flask_login.UserMixin", "flask_login.AnonymousUserMixin"}
    ]
    assert not wrong


def test_audit_actions_and_notification_types_are_named_noun_and_participle():
    said = [
        (f"{path}:{call.lineno}", call.args[place].value)
        for path, tree in sources()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for name, place in [
            ("record", 0),
            ("log_failure", 1),
            ("notify_all", 1),
            ("_notify", 1),
            ("_notify", 2),
            ("_notify", 3),
        ]
        if getattr(call.func, "attr", getattr(call.func, "id", "")) == name
        and len(call.args) > place
        if isinstance(call.args[place], ast.Constant) and isinstance(call.args[place].value, str)
    ]
    assert {"member.left", "sign_in.failed", "rsvp.promoted"} <= {word for _where, word in said}
    named = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*|[a-z]+/[a-z_]+|/[a-z]*")
    assert not [(where, word) for where, word in said if not named.fullmatch(word)]


def test_functions_get_the_acting_person_and_not_the_current_user_proxy():
    wrong = [
        f"{path}:{call.lineno}"
        for path, tree in sources()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "by"
        and isinstance(keyword.value, ast.Name)
        and keyword.value.id == "current_user"
    ]
    assert not wrong


def test_only_routes_jobs_and_commands_commit():
    wrong = []
    for path, tree in sources():
        parts = path.parts
        if len(parts) < 2 or parts[1].removesuffix(".py") in COMMITS:
            continue
        calls = [
            n.func.attr
            for n in ast.walk(tree)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        ]
        if "commit" in calls:
            wrong.append(path.as_posix())
    assert set(wrong) == COMMITS_FOR_OTHERS


def test_each_job_commits_or_uses_batches():
    silent = []
    for path, tree in sources():
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for job in functions.values():
            if any("job(" in ast.unparse(mark) for mark in job.decorator_list):
                helpers = {node.id for node in ast.walk(job) if isinstance(node, ast.Name)} & set(
                    functions
                )
                said = [ast.unparse(functions[name]) for name in {job.name, *helpers}]
                if not any(word in text for text in said for word in (".commit()", "batches.")):
                    silent.append(f"{path}:{job.name}")
    assert not silent


def test_routes_contain_no_sql():
    wrong = [
        f"{path} imports {name}"
        for path, tree in sources()
        if "routes" in path.with_suffix("").parts
        for name in imports(path, tree)
        if name.split(".")[0] == "sqlalchemy"
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ("webapp/**/*.py", 300),
        ("templates/**/*.html", 375),
        ("static/js/*.js", 250),
        ("tests/**/*.py", 450),
    ],
)
def test_files_are_short(kind, most):
    long = [path for path in ROOT.glob(kind) if path.read_text().count("\n") >= most]
    large = {str(p.relative_to(ROOT)): n for p in long if (n := len(_code(p))) > most}
    assert not large


def _code(path: Path) -> list[str]:
    """The lines of code: without blank lines, and in Python without comments and docstrings."""
    lines = path.read_text().splitlines()
    notified: set[int] = set()
    if path.suffix == ".py":
        for node in ast.walk(ast.parse("\n".join(lines))):
            match node:
                case ast.Expr(value=ast.Constant(value=str())):
                    notified |= set(range(node.lineno, node.end_lineno + 1))
        lines = ["" if line.lstrip().startswith("#") else line for line in lines]
    return [line for number, line in enumerate(lines, 1) if line.strip() and number not in notified]


def test_packages_are_small_and_have_few_levels():
    """To understand a package one must know its modules, and follow calls through few of them."""
    wrong = []
    for package in {path.parent for path, _tree in sources()}:
        modules = {
            ".".join(["webapp", *path.with_suffix("").parts]): {*imports(path, tree)}
            for path, tree in sources()
            if path.parent == package and path.name != "__init__.py"
        }
        levels = max((_levels(module, modules, ()) for module in modules), default=0)
        if len(modules) > 26 or levels > 8:
            wrong.append(f"{package}: {len(modules)} modules on {levels} levels")
    assert not wrong


def _levels(module: str, modules: dict[str, set[str]], before: tuple[str, ...]) -> int:
    """The longest chain of imports that starts at the module, among these modules."""
    met = (*before, module)
    below = [name for name in modules if name in modules[module] and name not in met]
    return 1 + max((_levels(name, modules, met) for name in below), default=0)


def test_a_class_name_has_one_meaning():
    names = Counter(
        node.name
        for _path, tree in sources()
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    )
    assert not [name for name, places in names.items() if places > 1]


def test_functions_are_short():
    long = [
        f"{path}:{node.name} {length}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (length := _length(node)) > 40
    ]
    assert not long


def _length(node: ast.FunctionDef) -> int:
    """The number of lines, without the docstring."""
    notified = node.body[0] if ast.get_docstring(node) else None
    return (
        node.end_lineno
        - node.lineno
        + 1
        - (notified.end_lineno - notified.lineno + 1 if notified else 0)
    )


def test_public_functions_and_classes_have_docstrings():
    silent = [
        f"{path}:{node.name}"
        for path, tree in sources()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_exceptions_named_in_docstrings_exist():
    """When an exception is renamed, docstrings keep its old name unnoticed."""
    nodes = [(path, node) for path, tree in sources() for node in ast.walk(tree)]
    known = {node.name for _path, node in nodes if isinstance(node, ast.ClassDef)}
    known |= {
        alias.asname or alias.name
        for _path, node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    named = [
        (path, name)
        for path, node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for name in re.findall(r"\b[Rr]aises ([A-Z]\w+)", ast.get_docstring(node) or "")
    ]

    assert len(named) > 100
    assert [
        f"{path}: {name}"
        for path, name in named
        if name not in known and not hasattr(builtins, name)
    ] == []


def test_one_module_determines_a_requests_ip_address():
    """Reading it elsewhere would count a household with IPv6 as millions, or a mapped address as
    another one.
    """
    readers = re.compile(
        r"remote_addr|access_route|REMOTE_ADDR|X[-_]FORWARDED|X[-_]Real[-_]IP", re.I
    )
    served = [*WEBAPP.rglob("*.py"), ROOT / "gunicorn.conf.py", ROOT / "wsgi.py"]
    found = {
        path.relative_to(ROOT).as_posix()
        for path in served
        if path.exists()
        and readers.search(text := path.read_text())
        and readers.search(ast.unparse(without_docstrings(text)))
    }
    # the doctor's sentence about a proxy's headers is for operators
    assert found == {"webapp/core/http/client_address.py", "webapp/ops/doctor/site.py"}


def without_docstrings(text: str) -> ast.Module:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            node.body[0] = ast.Pass()
    return tree


def own_rules(app: Flask) -> list:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_declares_its_permission(app):
    silent = [
        rule.endpoint
        for rule in own_rules(app)
        if not getattr(app.view_functions[rule.endpoint], "permission", None)
    ]
    assert not silent


def test_routes_are_get_or_post_with_typed_parameters(app):
    for rule in own_rules(app):
        assert rule.methods - {"HEAD", "OPTIONS"} in ({"GET"}, {"POST"}), rule
        for name in rule.arguments:
            kind = type(rule._converters[name]).__name__
            named_so = {
                "slug": "UnicodeConverter",
                "handle": "UnicodeConverter",
                "token": "UnicodeConverter",
            }
            named_so["kind"] = "UnicodeConverter"
            assert kind == named_so.get(name, kind), f"{rule} {name}"
            assert kind != "UnicodeConverter" or name in named_so, f"{rule} {name}"


def test_urls_are_kebab_case_nouns(app):
    for rule in own_rules(app):
        words = [part for part in rule.rule.split("/") if part and not part.startswith("<")]
        assert all(word == word.lower() and "_" not in word for word in words), rule
