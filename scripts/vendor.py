#!/usr/bin/env python3
"""Copy the browser's libraries from npm into static/vendor, those of the tests into
tests/browser/vendor, with their hashes.

`vendor.py` fetches what PLACES names and refuses to change a file whose hash is already listed;
`vendor.py --accept` writes the list again, after someone has looked at the difference.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# folder -> package@version -> {member of the package: name in the folder}
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
    """The hash as a script's `integrity` attribute spells it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def listed(sums: Path) -> dict[str, str]:
    """The hash that we have accepted for each file."""
    if not sums.exists():
        return {}
    pairs = (line.split(maxsplit=1) for line in sums.read_text().splitlines() if line)
    return {name: digest for digest, name in pairs}


def download(package: str, names: dict[str, str]) -> dict[str, bytes]:
    """The wanted files of one package, straight from npm."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            return {name: tar.extractfile(member).read() for member, name in names.items()}


def fill(folder: Path, packages: dict[str, dict[str, str]], accept: bool) -> bool:
    """Every file of `packages` is in the folder with the hash in its list, or nothing was
    changed and the answer is False.
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
    """0 when every place has what it should."""
    accept = "--accept" in sys.argv
    done = [fill(folder, packages, accept) for folder, packages in PLACES.items()]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
