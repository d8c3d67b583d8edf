"""What a Dockerfile says, and doing it in a folder instead of an image: no engine is needed, nor
root.
"""

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
#: What only an image can do: who owns a folder.
ONLY_IN_AN_IMAGE = ("-o 10001 -g 10001 ",)


def instructions(text: str) -> list[tuple[str, str]]:
    """(instruction, its words) in order; continued lines are one, comments are none."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    found = [tuple(line.split(None, 1)) for line in joined.splitlines()]
    assert {name for name, _ in found} <= KNOWN, (
        "tests/deploy/dockerfile.py does not know these yet"
    )
    return found  # type: ignore[return-value]


def ignored(path: str, rules: list[str]) -> bool:
    """Whether .dockerignore keeps this path out; the last rule that fits decides."""
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
    """The last stage, as far as a folder goes: `/app` is `<root>/app`."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    said: dict[str, str] = field(default_factory=dict)

    def inside(self, text: str) -> str:
        """The text with the image's own folders put where they are here."""
        for place in ("/venv", "/app", "/data", "/tmp/build"):
            text = text.replace(place, f"{self.root}{place}")
        return text

    @property
    def folder(self) -> Path:
        """Where commands run."""
        folder = Path(f"{self.root}{self.workdir}")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def variables(self, **more: str) -> dict[str, str]:
        """The environment of a process in it, with the machine's own programs behind its own."""
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
        """The line has been run by a shell, and has succeeded."""
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
        """The program and its words that CMD or HEALTHCHECK names, in the form of a list."""
        return [
            self.inside(word)
            for word in json.loads(self.said[instruction][self.said[instruction].index("[") :])
        ]


def built(folder: Path, text: str) -> Image:
    """The image that the Dockerfile says, made step by step under this folder, stage after
    stage.
    """
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
    """What COPY names is there: from another stage, or from the checkout as far as .dockerignore
    lets it.
    """
    target = (
        Path(image.inside(words[-1])) if words[-1].startswith("/") else image.folder / words[-1]
    )
    if words[0].startswith("--from="):
        source = stages[words[0].removeprefix("--from=")]
        shutil.copytree(source.inside(words[1]), target, symlinks=True)
        for script in (target / "bin").glob("*"):  # they name the folder in which they were made
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
