"""The command that verifies a secret vote, in the folder where its zip was unpacked: `python3 -I
verify.py`.
"""

import argparse
import getpass
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from . import ballots_csv, manifest
from .canonical_json import Malformed
from .checks import CheckRequest, PublishedFiles, lines

#: more is in no vote's files, in bytes
MOST_BYTES = {"manifest.json": 20_000_000, "ballots.csv": 400_000_000}


def main(words: Sequence[str]) -> int:
    """Everything is said, a line each; 0 when all that was asked holds, otherwise 1."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    asked = _asked_for().parse_args(words)
    try:
        bundle = opened(Path(asked.folder))
    except Malformed as broken:
        _say(f"FAIL {broken}")
        return 1
    wrong = 0
    for line in lines(
        bundle, CheckRequest(asked.head, tuple(asked.seen), _typed() if asked.key else None)
    ):
        _say(str(line))
        wrong += line.holds is False
    _say(f"{wrong} did not hold." if wrong else "All that was asked holds.")
    return 1 if wrong else 0


def opened(folder: Path) -> PublishedFiles:
    """The files in a folder, read. Raises Malformed with the file's name."""
    said, csv = _bytes(folder, "manifest.json"), _bytes(folder, "ballots.csv")
    name = "manifest.json"
    try:
        found = manifest.read(said)
        name = "ballots.csv"
        return PublishedFiles(found, csv, ballots_csv.read(csv))
    except Malformed as broken:
        raise Malformed(f"{name}: {broken}") from None


def _asked_for() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Verifies a closed secret vote from its files."
    )
    parser.add_argument(
        "folder",
        nargs="?",
        default=str(Path(__file__).parent),
        help="where manifest.json and ballots.csv are",
    )
    parser.add_argument(
        "--head", metavar="HASH", help="the head of the chain, from the mail about the outcome"
    )
    seen = "the opening hash, or a head that you noted while the vote ran; as often as you like"
    parser.add_argument("--seen", metavar="HASH", action="append", default=[], help=seen)
    parser.add_argument(
        "--key", action="store_true", help="look for your own ballot; asks for your key"
    )
    return parser


def _typed() -> str:
    """A key is asked for, never given with the command: the commands that one has typed are
    kept.
    """
    return getpass.getpass("Your key: ") if sys.stdin.isatty() else sys.stdin.readline()


def _bytes(folder: Path, name: str) -> bytes:
    most = MOST_BYTES[name]
    try:
        with (folder / name).open("rb") as file:
            read = file.read(most + 1)
    except OSError:
        raise Malformed(f"{name}: it cannot be read; run this where the zip was unpacked") from None
    if len(read) > most:
        raise Malformed(f"{name}: it is larger than {most} bytes")
    return read


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
