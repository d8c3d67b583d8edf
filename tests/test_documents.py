"""Documents that are written from the code are what the code would write, and what they name is there."""

import re
from pathlib import Path

from scripts import routes

ROOT = Path(__file__).parent.parent
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def test_the_list_of_routes_is_the_map(app):
    assert routes.TARGET.read_text() == routes.text(app), "python scripts/routes.py writes it anew"


def test_decisions_are_numbered_without_gap_and_say_their_number():
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))
    assert all(path.read_text().startswith(f"# {number}. ") for number, path in zip(numbers, DECISIONS, strict=True))


def test_the_map_names_modules_and_files_that_exist():
    text = (ROOT / "docs" / "architecture.md").read_text()
    modules = [match.replace(".", "/") for match in re.findall(r"`((?:core|mail|notifications)\.\w+)`", text)]
    folders = re.findall(r"^    ([\w/]+[./]\w*) ", text, re.M)

    assert modules
    assert folders
    missing = [name for name in modules if not any((ROOT / "webapp" / f"{name}{end}").exists() for end in (".py", ""))]
    assert not missing + [name for name in folders if not (ROOT / name).exists()]
