#!/usr/bin/env python3
"""Copy the browser's libraries from npm into static/vendor, and keep our own list of their hashes.

`vendor.py` fetches what PACKAGES names and refuses to change a file whose hash is already listed;
`vendor.py --accept` writes the list anew, after somebody has looked at the difference.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
SUMS = VENDOR / "SHA384SUMS"

# package@version -> {member of the package: name in static/vendor}
PACKAGES = {
    "htmx.org@4.0.1": {
        "package/dist/htmx.min.js": "htmx-4.0.1.min.js",
        "package/LICENSE": "htmx-LICENSE.txt",
    },
}


def integrity(content: bytes) -> str:
    """The hash as a script's `integrity` attribute spells it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def listed() -> dict[str, str]:
    """The hash that we have accepted for each file."""
    if not SUMS.exists():
        return {}
    pairs = (line.split(maxsplit=1) for line in SUMS.read_text().splitlines() if line)
    return {name: digest for digest, name in pairs}


def download(package: str, names: dict[str, str]) -> dict[str, bytes]:
    """The wanted files of one package, straight from npm."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            return {name: tar.extractfile(member).read() for member, name in names.items()}


def main() -> int:
    """Every file of PACKAGES is in static/vendor with the hash in the list, or nothing was changed."""
    files: dict[str, bytes] = {}
    for package, names in PACKAGES.items():
        files |= download(package, names)
    hashes = {name: integrity(content) for name, content in files.items()}
    known = listed()
    if "--accept" not in sys.argv:
        differing = [name for name in hashes if known.get(name, hashes[name]) != hashes[name]]
        if differing:
            print(f"Not what we accepted before: {', '.join(differing)}. Look first, then use --accept.")
            return 1
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (VENDOR / name).write_bytes(content)
    SUMS.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())))
    print(SUMS.read_text(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
