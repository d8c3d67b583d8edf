"""Every function is used: called, imported, subscribed or registered somewhere."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = ("migrations/env.py", "gunicorn.conf.py", "wsgi.py")
#: Called by those who verify a vote.
NOT_CALLED_HERE = {("verify", "main")}


def mentions(source: str) -> set[tuple[str, str]]:
    """Return (module or object, name) of each `module.name` and each import; aliases resolved."""
    alias = {new: old for old, new in re.findall(r"\b(\w+) as (\w+)\b", source)}
    found = {
        (alias.get(owner, owner), name)
        for owner, name in re.findall(r"(?=\b(\w+)\.(\w+)\b)", source)
    }
    for stem, names in re.findall(r"^ *from ([\w.]+) import (\([^)]*\)|.*)", source, re.M):
        found |= {(stem.rpartition(".")[2], name) for name in re.findall(r"\w+", names)}
    return found


def unused(sources: dict[Path, str], others: list[str]) -> list[str]:
    """Return the functions that nothing mentions but their definition."""
    owners, defined = defaultdict(set), defaultdict(list)
    for path, source in sources.items():
        module = path.parent.name if path.stem == "__init__" else path.stem
        words = Counter(re.findall(r"\w+", source))
        for name in re.findall(r"\n\n\ndef (\w+)\(", source):
            owners[name].add(module)
            if words[name] == 1:
                defined[name].append((module, path))
    seen = defaultdict(set)
    for source in [*sources.values(), *others]:
        for owner, name in mentions(source):
            seen[name].add(owner)
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for name, places in defined.items()
        for module, path in places
        if module not in seen[name] and not seen[name] - owners[name]
        if (module, name) not in NOT_CALLED_HERE
    ]


def test_every_function_is_used():
    sources = {path: path.read_text("utf-8") for path in (ROOT / "webapp").rglob("*.py")}
    others = [(ROOT / path).read_text("utf-8") for path in OUTSIDE]
    others += [path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.*")]

    assert len(sources) > 500
    assert unused(sources, others) == []


def test_control_a_function_that_nothing_subscribes_is_found():
    path = ROOT / "webapp/conversation/following.py"
    heard = "hooks.member_left.subscribe(following.left_group)"
    other = {ROOT / "webapp/news/leaving.py": "\n\n\ndef left_group(user):\n    left_group"}
    sources = {path: "\n\n\ndef left_group(user):\n", **other}

    assert unused(sources, [heard]) == []
    assert unused(sources, ["leaving.left_group"]) == [
        "webapp/conversation/following.py: left_group"
    ]
