"""Documents that are written from the code are what the code would write, and what they name is
there.
"""

import re
import subprocess
from pathlib import Path

import pytest

from scripts import routes

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parent.parent
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def test_the_list_of_routes_is_the_map(app):
    assert routes.TARGET.read_text() == routes.text(app), "python scripts/routes.py writes it again"


def test_decisions_are_numbered_without_gap_and_say_their_number():
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))
    assert all(
        path.read_text().startswith(f"# {number}. ")
        for number, path in zip(numbers, DECISIONS, strict=True)
    )


def test_the_map_names_modules_and_files_that_exist():
    text = (ROOT / "docs" / "architecture.md").read_text()
    modules = [
        match.replace(".", "/")
        for match in re.findall(r"`((?:core|mail|notifications)\.\w+)`", text)
    ]
    folders = re.findall(r"^    ([\w/]+[./]\w*) ", text, re.M)

    assert modules
    assert folders
    missing = [
        name
        for name in modules
        if not any((ROOT / "webapp" / f"{name}{end}").exists() for end in (".py", ""))
    ]
    assert not missing + [name for name in folders if not (ROOT / name).exists()]


def test_every_folder_of_the_house_and_every_module_of_the_core_stands_on_the_map():
    text = (ROOT / "docs" / "architecture.md").read_text()
    core = ROOT / "webapp" / "core"
    areas = [path for path in core.iterdir() if path.is_dir() and not path.name.startswith("_")]
    modules = {path.stem for path in core.glob("[!_]*.py")} | {
        f"{area.name}.{path.stem}" for area in areas for path in area.glob("[!_]*")
    }
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    folders = {
        path.split("/")[0]
        for path in tracked
        if "/" in path and not path.startswith((".", "webapp/"))
    }
    folders |= {
        "/".join(path.split("/")[:2])
        for path in tracked
        if path.startswith("webapp/") and path.count("/") > 1
    }

    named = set(re.findall(r"`core\.([\w.]+)`", text))
    assert {module for module in modules if not named & {module, module.split(".")[0]}} == set()
    assert folders - set(re.findall(r"^    ([\w/]+)/ ", text, re.M)) == set()
