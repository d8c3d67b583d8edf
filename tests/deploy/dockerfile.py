"""Carry out a Dockerfile in a folder instead of an image, without an engine or root."""

import fnmatch
import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import ROOT

KNOWN = {
    "FROM",
    "ENV",
    "RUN",
    "WORKDIR",
    "COPY",
    "USER",
    "VOLUME",
    "EXPOSE",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "CMD",
}
#: Options that need an image: the owner of a folder.
ONLY_IN_AN_IMAGE = ("-o 10001 -g 10001 ",)


def instructions(text: str) -> list[tuple[str, str]]:
    """Return (instruction, its words) in order, with continued lines joined and without
    comments.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    found = [tuple(line.split(None, 1)) for line in joined.splitlines()]
    assert {name for name, _ in found} <= KNOWN, (
        "tests/deploy/dockerfile.py does not know these yet"
    )
    return found  # type: ignore[return-value]


def ignored(path: str, rules: list[str]) -> bool:
    """Whether .dockerignore excludes this path; the last matching rule decides."""
    out = False
    for rule in rules:
        pattern = rule.removeprefix("!")
        fits = any(
            fnmatch.fnmatch(part, pattern.removeprefix("**/")) for part in _with_parents(path)
        )
        if pattern.startswith("**/"):
            fits = any(
                fnmatch.fnmatch(name, pattern.removeprefix("**/")) for name in path.split("/")
            )
        if fits:
            out = not rule.startswith("!")
    return out


def _with_parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]


@dataclass
class Image:
    """The last stage in a folder: `/app` is `<root>/app`."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    said: dict[str, str] = field(default_factory=dict)

    def inside(self, text: str) -> str:
        """Replace the image's folders in the text by ours."""
        for place in ("/venv", "/app", "/data", "/tmp/build"):
            text = text.replace(place, f"{self.root}{place}")
        return text

    @property
    def folder(self) -> Path:
        """Return the folder in which commands run."""
        folder = Path(f"{self.root}{self.workdir}")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def variables(self, **more: str) -> dict[str, str]:
        """Return the environment of a process, with the machine's programs after the image's
        own.
        """
        found = {name: self.inside(value) for name, value in self.environment.items()}
        found["PATH"] = (
            self.inside(self.environment.get("PATH", "")).replace("$PATH", "")
            + f":{self.root}/bin:{os.environ['PATH']}"
        )
        return (
            {"HOME": str(self.root), "PIP_NO_CACHE_DIR": ""}
            | found
            | {"PIP_NO_CACHE_DIR": ""}
            | more
        )

    def run(self, line: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the line in a shell; it must succeed."""
        for words in ONLY_IN_AN_IMAGE:
            line = line.replace(words, "")
        done = subprocess.run(
            ["sh", "-ec", self.inside(line)],
            cwd=self.folder,
            env=self.variables(**more),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done

    def words_of(self, instruction: str) -> list[str]:
        """Return the program and its arguments in CMD or HEALTHCHECK, which must be written as a
        list.
        """
        return [
            self.inside(word)
            for word in json.loads(self.said[instruction][self.said[instruction].index("[") :])
        ]


def built(folder: Path, text: str) -> Image:
    """Carry out the Dockerfile under this folder, stage after stage; return the image."""
    stages: dict[str, Image] = {}
    image = Image(folder)
    for name, words in instructions(text):
        if name == "FROM":
            image = Image(folder / f"stage{len(stages)}")
            image.root.mkdir()
            (image.root / "bin").mkdir()
            os.symlink(sys.executable, image.root / "bin" / "python")
            stages[words.split()[-1]] = image
        elif name == "ENV":
            image.environment |= dict(word.split("=", 1) for word in shlex.split(words))
        elif name == "WORKDIR":
            image.workdir = words
        elif name == "RUN":
            image.run(words)
        elif name == "COPY":
            copy(image, words.split(), stages)
        image.said[name] = words
    return image


def copy(image: Image, words: list[str], stages: dict[str, Image]) -> None:
    """Copy what COPY names from another stage, or from the checkout except for what .dockerignore
    excludes.
    """
    target = (
        Path(image.inside(words[-1])) if words[-1].startswith("/") else image.folder / words[-1]
    )
    if words[0].startswith("--from="):
        source = stages[words[0].removeprefix("--from=")]
        shutil.copytree(source.inside(words[1]), target, symlinks=True)
        for script in (target / "bin").glob("*"):  # they contain the path of their venv
            if (
                script.is_file()
                and not script.is_symlink()
                and b"#!" in (head := script.read_bytes())[:2]
            ):
                script.write_bytes(
                    head.replace(str(source.root).encode(), str(image.root).encode())
                )
        return
    rules = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for path in listed.stdout.splitlines():
        if ignored(path, rules) or not (words[0] == "." or path == words[0]):
            continue
        place = target / path if words[0] == "." else target / Path(path).name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, place)
