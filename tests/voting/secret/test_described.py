"""docs/verifying.md: its test vectors are right, and the verifier printed in it works."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from webapp.voting.secret import ballots_csv, bundle, chain, checks, keys, manifest, validation
from webapp.voting.tally import Outcome, lot
from webapp.voting.tally.outcome import VERDICTS
from webapp.voting.tally.rules import KINDS

from ..kinds import SEED
from .making import SECRET, closed
from .tampering import TAMPERINGS

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "verifying.md").read_text("utf-8")
PROGRAM = re.findall(r"```python\n(.*?)```", PAGE, re.S)[0]


#: places where people are told to type it
TELLS = [
    "docs/verifying.md",
    "templates/voting/secret/_check.html",
    "templates/voting/help/secret.html",
]


def run(folder, head, key):
    """Run the program printed on the page, where a zip was unpacked."""
    (folder.path / "mine.py").write_text(PROGRAM, "utf-8")
    words = [sys.executable, "-I", "-X", "utf8", "mine.py", head]
    return subprocess.run(
        words,
        cwd=folder.path,
        input=key + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_verifier_written_from_the_page_alone_agrees(folder, made):
    found = run(folder, made.head, made.keys[0])

    assert (found.returncode, found.stdout) == (0, "my ballot says 1:5 3:2\n"), found.stderr


@pytest.mark.parametrize("place", [*TELLS, "verify.py"])
def test_the_documented_command_imports_nothing_from_its_folder(place):
    text = bundle.verifier() if place == "verify.py" else (ROOT / place).read_text("utf-8")

    assert set(re.findall(r"\bpy(?:thon3?)? ((?:-\w )*)verify\.py", text)) == {"-I "}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("flip a choice", "root"),
        ("another title", "opening"),
        ("a link changed", "chain"),
        ("another secret, all made anew", "lot"),
        ("flip, all made anew", "head"),
        ("more voted", "numbers"),
        ("one left", "root"),
        ("more left, all made anew", "head"),
    ],
)
def test_the_documented_verifier_detects_tampering(name, says, folder, made):
    TAMPERINGS[name].done(folder)
    folder.save()

    assert run(folder, made.head, made.keys[0]).stderr.splitlines()[-1] == f"AssertionError: {says}"


def test_every_test_vector_of_the_page_is_right():
    key = "0123456789ABCDEFGHJKMNPQRSWS"
    paper = ballots_csv.Paper(
        keys.tracker_of("p1", key), "3>1=2", keys.commitment_of("p1", key, "3>1=2")
    )
    root = ballots_csv.root_of(ballots_csv.csv_of([paper]))
    opened = chain.first(chain.opening_hash({"poll": "p1", "seats": 1}))
    ended = chain.next_link(opened, chain.CLOSE, 1, root)

    said = re.findall(r"^\|.*\| `([0-9a-f]{32,64})` \|$", PAGE, re.M)
    lots = [lot.commitment_of(SECRET), lot.seed_of(SECRET, root)]
    assert said == [
        paper.tracker,
        paper.commitment,
        root,
        opened.root,
        opened.hash,
        ended.hash,
        *lots,
    ]
    assert lot.order(SEED, 5) == [2, 4, 1, 3, 5]


def test_the_page_explains_every_name_in_the_files():
    whole = closed("stv").manifest
    said = set(re.findall(r"`([\w.]+)`", PAGE)) | set(re.findall(r"^\| (\w+) \|", PAGE, re.M))

    assert set(whole.opening) | set(whole.opening["rules"]) | set(validation.THRESHOLD) <= said
    assert said >= {*KINDS, *chain.KINDS, *checks.CHECKS, *manifest.Manifest.__dataclass_fields__}
    assert {field.name for field in fields(Outcome)} <= said
    assert set(VERDICTS) <= said
    assert set(manifest.FORMATS) <= said | set(re.findall(r"`(folkmoot-ballots-\d)`", PAGE))
