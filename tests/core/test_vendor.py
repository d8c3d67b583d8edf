"""The vendored libraries are, byte for byte, those whose hashes were accepted."""

import base64
import hashlib
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static" / "vendor"
TESTS = ROOT / "tests" / "browser" / "vendor"


def accepted(folder):
    lines = (folder / "SHA384SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


@pytest.mark.parametrize("folder", [STATIC, TESTS], ids=["static", "tests"])
def test_every_vendored_file_has_the_hash_that_we_accepted(folder):
    found = {
        path.name: "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        for path in folder.iterdir()
        if path.name != "SHA384SUMS"
    }
    assert found == accepted(folder)


@pytest.mark.parametrize(("folder", "name"), [(STATIC, "htmx"), (TESTS, "axe")])
def test_a_library_comes_with_its_licence(folder, name):
    names = accepted(folder)
    assert any(file.startswith(name) and file.endswith(".js") for file in names)
    assert (folder / f"{name}-LICENSE.txt").read_text().strip()
