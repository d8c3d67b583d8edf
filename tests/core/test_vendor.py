"""The copied libraries are, byte for byte, the ones whose hashes we accepted."""

import base64
import hashlib
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"


def accepted():
    lines = (VENDOR / "SHA384SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def test_every_vendored_file_has_the_hash_that_we_accepted():
    found = {
        path.name: "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        for path in VENDOR.iterdir()
        if path.name != "SHA384SUMS"
    }
    assert found == accepted()


def test_htmx_comes_with_its_licence():
    names = accepted()
    assert any(name.startswith("htmx-") and name.endswith(".js") for name in names)
    assert (VENDOR / "htmx-LICENSE.txt").read_text().strip()
