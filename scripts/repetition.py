"""Find passages of six lines or more that are written twice: they want one function or macro."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {
    "webapp": ".py",
    "tests": ".py",
    "scripts": ".py",
    "templates": ".html",
    "static/js": ".js",
    "static/css": ".css",
}
LONG = 6
#: In templates and style sheets, whose lines often hold one attribute or declaration, that many
#: characters, too.
MOST = 300
IMPORT = re.compile(r"^(from|import) [^\n(]*(\([^)]*\))?$", re.M)
#: Comments, lone punctuation, words of a list, and parameters of a signature.
NO_CODE = re.compile(r"""#:? .*|\W*|["'][\w -]*["'],|\w+: [\w\[\]| .]+( = [\w"]+)?,""")

Lines = list[tuple[int, str]]


def lines_of(path: Path) -> Lines:
    """Return the lines that say something, with their numbers."""
    text = path.read_text()
    if path.suffix == ".py":
        text = IMPORT.sub(lambda found: "\n" * found[0].count("\n"), text)
    lines = enumerate(map(str.strip, text.splitlines()), 1)
    return [(number, line) for number, line in lines if not NO_CODE.fullmatch(line)]


def repeated(files: dict[Path, Lines]) -> Iterator[tuple[tuple[Path, int], tuple[Path, int], int]]:
    """Yield (place, earlier place, lines) of each passage that is written twice."""
    first: dict[tuple[str, ...], tuple[Path, int]] = {}
    for path, lines in files.items():
        for at in range(len(lines) - LONG + 1):
            passage = tuple(line for _number, line in lines[at : at + LONG])
            other, there = first.setdefault(passage, (path, at))
            theirs = files[other]
            if (other, there) == (path, at) or (
                at and there and lines[at - 1][1] == theirs[there - 1][1]
            ):
                continue
            same = 0
            for (_mine, line), (_other, its) in zip(lines[at:], theirs[there:], strict=False):
                if line != its:
                    break
                same += 1
            is_long = sum(len(line) for _number, line in lines[at : at + same]) >= MOST
            if is_long or path.suffix not in {".html", ".css"}:
                yield (path, lines[at][0]), (other, theirs[there][0]), same


def main() -> int:
    """Say what is written twice; return 0 if nothing is."""
    files = {
        path: lines_of(path)
        for folder, ending in FOLDERS.items()
        for path in sorted((ROOT / folder).rglob(f"*{ending}"))
    }
    found = list(repeated(files))
    for (path, line), (other, its), same in found:
        here, there = path.relative_to(ROOT), other.relative_to(ROOT)
        print(f"{here}:{line} repeats {same} lines of {there}:{its}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
