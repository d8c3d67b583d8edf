#!/usr/bin/env python3
"""Copy JavaScript libraries from npm into static/vendor, and those of the tests into
tests/browser/vendor, with their hashes.

`vendor.py` downloads what PLACES names, and refuses to change a file whose hash is already listed.
`vendor.py --accept` updates the list, after someone has reviewed the difference.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# folder -> package@version -> {file in the package: name in the folder}
PLACES = {
    ROOT / "static" / "vendor": {
        "htmx.org@4.0.1": {
            "package/dist/htmx.min.js": "htmx-4.0.1.min.js",
            "package/LICENSE": "htmx-LICENSE.txt",
        },
    },
    ROOT / "tests" / "browser" / "vendor": {
        "axe-core@4.14.1": {
            "package/axe.min.js": "axe.min.js",
            "package/LICENSE": "axe-LICENSE.txt",
        },
    },
}


def integrity(content: bytes) -> str:
    """Return the hash as in a script's `integrity` attribute."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def listed(sums: Path) -> dict[str, str]:
    """Return the accepted hash of each file."""
    if not sums.exists():
        return {}
    pairs = (line.split(maxsplit=1) for line in sums.read_text().splitlines() if line)
    return {name: digest for digest, name in pairs}


def download(package: str, names: dict[str, str]) -> dict[str, bytes]:
    """Download these files of one package from npm."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            return {name: tar.extractfile(member).read() for member, name in names.items()}


def fill(folder: Path, packages: dict[str, dict[str, str]], accept: bool) -> bool:
    """Download the files of `packages` into the folder.

    Return False, changing nothing, if a hash differs.
    """
    files: dict[str, bytes] = {}
    for package, names in packages.items():
        files |= download(package, names)
    hashes = {name: integrity(content) for name, content in files.items()}
    sums = folder / "SHA384SUMS"
    known = listed(sums)
    differing = [name for name in hashes if known.get(name, hashes[name]) != hashes[name]]
    if differing and not accept:
        print(
            f"Not what we accepted before: {', '.join(differing)}. Look first, then use --accept."
        )
        return False
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())))
    print(sums.read_text(), end="")
    return True


def main() -> int:
    """Fill every folder; return 0 if all succeed."""
    accept = "--accept" in sys.argv
    done = [fill(folder, packages, accept) for folder, packages in PLACES.items()]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
