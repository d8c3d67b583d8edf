"""The ballot file, and finding one's own ballot in it."""

import pytest

from webapp.voting.secret import ballots_csv, keys
from webapp.voting.secret.ballots_csv import HEADING, OwnBallot, Paper
from webapp.voting.secret.canonical_json import Malformed

from .making import POLL, key_of, paper_of

pytestmark = pytest.mark.any_database

KEY = "0123456789ABCDEFGHJKMNPQRSWS"
LINE = f"{'0' * 32},3>1=2,{'f' * 64}"


def test_the_published_test_vector_matches():
    paper = Paper(keys.tracker_of("p1", KEY), "3>1=2", keys.commitment_of("p1", KEY, "3>1=2"))
    root = ballots_csv.root_of(ballots_csv.csv_of([paper]))

    assert (root[:8], root[-8:]) == ("6a5cd95c", "3a97238d")


def test_the_file_is_sorted_by_tracker_regardless_of_the_casting_order():
    cast = [paper_of(key_of(number), str(number)) for number in range(9)]
    csv = ballots_csv.csv_of(cast)

    assert csv == ballots_csv.csv_of(reversed(cast))
    assert csv.startswith(b"tracker,choice,commitment\n")
    assert csv.endswith(b"\n")
    assert b"\r" not in csv
    assert ballots_csv.read(csv) == sorted(cast)


def test_a_vote_without_ballots_has_only_the_header():
    assert ballots_csv.read(ballots_csv.csv_of([])) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEADING,
        f"{HEADING}\n{LINE}",
        f"{LINE}\n",
        f"{HEADING}\r\n{LINE}\r\n",
        f"{HEADING}\n{LINE},more\n",
        f"{HEADING}\n{LINE[:-1]}\n",
        f"{HEADING}\n{LINE.upper()}\n",
        f"{HEADING}\n\n{LINE}\n",
        f"{HEADING}\n{LINE}\n\n",
        f"{HEADING}\n{LINE.replace('3>1=2', '1' * 501)}\n",
        f"{HEADING}\n{LINE.replace('3', 'é')}\n",
        f"\ufeff{HEADING}\n{LINE}\n",
    ],
)
def test_malformed_ballot_files_are_refused(text):
    with pytest.raises(Malformed):
        ballots_csv.read(text.encode())


def test_a_key_finds_its_ballot_and_detects_changes():
    mine, other = paper_of(key_of(1), "3>1"), paper_of(key_of(2), "1>3")
    rewritten = mine._replace(choice="1>3")
    made_anew = rewritten._replace(commitment=keys.commitment_of(POLL, key_of(3), "1>3"))

    assert ballots_csv.own(POLL, key_of(1), [other, mine]) == OwnBallot("3>1", True)
    assert ballots_csv.own(POLL, key_of(1), [other, rewritten]) == OwnBallot("1>3", False)
    assert ballots_csv.own(POLL, key_of(1), [other, made_anew]) == OwnBallot("1>3", False)
    assert ballots_csv.own(POLL, key_of(3), [other, mine]) == OwnBallot(None, False)
    assert ballots_csv.own("another", key_of(1), [other, mine]) == OwnBallot(None, False)


def test_a_blank_ballot_is_found_by_its_key():
    assert ballots_csv.own(POLL, key_of(1), [paper_of(key_of(1), "")]) == OwnBallot("", True)
