"""Published files of closed votes verify with every later release.

If this fails, a count or a format has changed, and with it the proofs of past votes. Give new
behaviour a new name beside the old one: docs/decisions/0044, “When a count changes”.
"""

from dataclasses import fields

import pytest

from webapp.voting.secret import ballots_csv, checks, manifest
from webapp.voting.tally import Outcome
from webapp.voting.tally.outcome import BREAKERS, TIED_FOR, VERDICTS
from webapp.voting.tally.rules import KINDS

from .making import key_of
from .publishing import PLACE, votes

pytestmark = pytest.mark.any_database

NAMES = sorted(path.name for path in PLACE.iterdir())


def published(name):
    """Return the manifest and the papers of a vote."""
    return manifest.read((PLACE / name / "manifest.json").read_bytes()), ballots_csv.read(
        (PLACE / name / "ballots.csv").read_bytes()
    )


@pytest.mark.parametrize("name", NAMES)
def test_published_files_still_verify(name, verify):
    said = verify(PLACE / name, "--key", typed=key_of(1))

    assert [line for line in said.lines if not line.startswith(("ok ", "-    head"))] == [
        "All that was asked holds."
    ]
    assert len(said.lines) == len(checks.CHECKS) + 1


@pytest.mark.parametrize("name", NAMES)
def test_published_files_still_pack_to_the_same_bytes(name):
    found, ballots = published(name)

    assert manifest.written(found) == (PLACE / name / "manifest.json").read_bytes()
    assert ballots_csv.csv_of(ballots) == (PLACE / name / "ballots.csv").read_bytes()


def test_published_files_cover_every_kind_verdict_and_tie():
    results = [published(name)[0].result for name in NAMES]
    ties = [tie for result in results for tie in result.get("ties", ())]

    assert set(NAMES) == set(votes())
    assert {result["kind"] for result in results} == set(KINDS)
    assert {result["verdict"] for result in results if "verdict" in result} == set(VERDICTS)
    assert {tie["where"] for tie in ties} == set(TIED_FOR)
    assert {tie["broken_by"] for tie in ties} == set(BREAKERS)
    assert {name for result in results for name in result} == {
        field.name for field in fields(Outcome)
    }
