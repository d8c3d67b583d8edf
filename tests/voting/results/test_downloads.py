"""Downloads of a closed vote, read back by independent readers."""

import csv
import io
import json
import re
from fractions import Fraction

import pytest

from webapp.core.extensions import db
from webapp.voting.models import Ballot
from webapp.voting.results import question, result_views
from webapp.voting.tally.rules import KINDS

from ..kinds import few_ballots
from . import making

#: The numbers of options in a choice string.
NUMBERS = re.compile(r"(?:^|[+ >=])(\d+)")


def table(answer):
    """Return the rows of a CSV file, as a spreadsheet reads it."""
    assert answer.status_code == 200, answer.status
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", KINDS)
def test_anonymous_ballot_files_have_no_voters_and_no_chronological_order(
    group, ana, browser, kind
):
    vote = making.voted(group, ana, kind)
    head, *rows = table(browser(ana).get(f"/votes/{vote.slug}/ballots.csv"))

    assert head == ["choice", "chosen", "reason"]
    assert [row[0] for row in rows] == sorted(few_ballots(kind))
    titles = question.titles(vote)
    for choice, chosen, _reason in rows:
        named = {titles[int(number) - 1] for number in NUMBERS.findall(choice)}
        assert all(title in chosen for title in named), (choice, chosen)
        assert named or chosen in ("Abstained", "Agree", "Abstain", "Disagree", "Block")


def test_ballot_files_with_names_show_voters_and_contain_no_formula(group, ana, browser):
    vote = making.voted(group, ana, "single", [("1", 1), ("2", 1)], is_anonymous=False)
    person = result_views.first_of(vote)[0].user
    person.first_name = "=cmd()"
    db.session.execute(Ballot.__table__.update().values(reason="+1 from me"))
    db.session.commit()
    head, *rows = table(browser(ana).get(f"/votes/{vote.slug}/ballots.csv"))

    assert head == ["voter", "choice", "chosen", "reason"]
    assert sorted(row[1:3] for row in rows) == [["1", "Apples"], ["2", "Bread"]]
    assert any(row[0].startswith("'=cmd()") for row in rows)
    assert {row[3] for row in rows} == {"'+1 from me"}


def test_ballot_files_take_the_same_statements_for_few_and_many(group, ana, browser, statements_of):
    votes = [
        making.voted(group, ana, "single", [("1", count)], is_anonymous=False) for count in (1, 5)
    ]
    page = browser(ana)
    for vote in votes:  # each has read its options then
        page.get(f"/votes/{vote.slug}/ballots.csv")

    assert (
        len(
            {
                statements_of(lambda slug=vote.slug: page.get(f"/votes/{slug}/ballots.csv"))
                for vote in votes
            }
        )
        == 1
    )


def test_blt_files_follow_the_format_of_election_programs(group, ana, browser):
    vote = making.voted(group, ana, "stv", title='Who is on the "board"?')
    answer = browser(ana).get(f"/votes/{vote.slug}/ballots.blt")

    assert answer.mimetype == "text/plain"
    assert answer.get_data(as_text=True).splitlines() == [
        "3 2",
        "3 2 1 0",
        "1 1 2 0",
        "1 1 3 0",
        "1 3 1 0",
        "0",
        '"Apples"',
        '"Bread"',
        '"Cheese"',
        "\"Who is on the 'board'?\"",
    ]


@pytest.mark.parametrize(
    ("kind", "there"), [("irv", True), ("stv", True), ("schulze", False), ("single", False)]
)
def test_only_strict_rankings_have_a_blt(group, ana, browser, kind, there):
    vote = making.voted(group, ana, kind)
    page = browser(ana)
    page.get(f"/votes/{vote.slug}")

    assert bool(page.page.find("a", href=f"/votes/{vote.slug}/ballots.blt")) is there
    assert page.get(f"/votes/{vote.slug}/ballots.blt").status_code == (200 if there else 404)


def test_exported_rounds_are_exact(group, ana, browser):
    cast = [
        ("2", 3),
        ("2>3>1", 1),
        ("3>4>2>1", 1),
        ("2>1", 1),
        ("1>4>2", 1),
        ("4>2>1>3", 1),
        ("4>3", 1),
        ("2>3>1>4", 1),
        ("1>4>2>3", 1),
    ]
    vote = making.voted(group, ana, "stv", cast, options=("A", "B", "C", "D"))
    head, *rows = table(browser(ana).get(f"/votes/{vote.slug}/rounds.csv"))

    assert head == ["stage", "action", "option", "votes", "exact"]
    assert ["2", "surplus: B", "A", "2.33333", "7/3"] in rows
    assert sum(Fraction(row[4]) for row in rows if row[0] == "2") == vote.ballot_count


@pytest.mark.parametrize("kind", KINDS)
def test_the_outcome_file_is_json_with_fractions_as_text(group, ana, browser, kind):
    vote = making.voted(group, ana, kind)
    answer = browser(ana).get(f"/votes/{vote.slug}/outcome.json")
    found = json.loads(answer.get_data())

    assert answer.mimetype == "application/json"
    assert (found["kind"], found["title"]) == (kind, vote.title)
    assert found["outcome"]["cast"] == vote.ballot_count
    assert found["rules"]["seed"] == making.SEED
    assert "." not in json.dumps(found["outcome"])


def test_strangers_and_visitors_cannot_download_result_files(group, ana, cem, browser, visitor):
    vote = making.voted(group, ana, "stv")

    for name in ("ballots.csv", "ballots.blt", "rounds.csv", "outcome.json"):
        assert browser(cem).get(f"/votes/{vote.slug}/{name}").status_code == 404
        assert visitor.get(f"/votes/{vote.slug}/{name}").status_code == 303
