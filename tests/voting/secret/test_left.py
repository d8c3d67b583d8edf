"""People who leave a secret vote are counted out at closing, and nothing says who of them had
voted.
"""

import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from webapp.accounts import account_deletion
from webapp.core.extensions import db
from webapp.groups import memberships
from webapp.voting import reads
from webapp.voting.electorate import leavers
from webapp.voting.models import KEEP, Vote, Voter
from webapp.voting.results import counting
from webapp.voting.secret import bundle, manifest
from webapp.voting.tally.outcome import NO_QUORUM

from . import boxes

GONE = "1 person left without voting and isn’t counted."


def cast(it, number):
    """Let this many vote, the first of `people` first."""
    for person in it.people[:number]:
        boxes.cast(it.vote, person, 1)


def leave(it, *people):
    for person in people:
        memberships.leave(it.vote.group, by=person)
    db.session.commit()


def seen(it, browser):
    """Return what another member reads of the open vote, and who can vote."""
    page = browser(it.people[-1])
    found = []
    for path in (it.vote.path, f"{it.vote.path}/voters", f"{it.vote.path}/checkpoints", "/votes"):
        page.get(path)
        found.append(page.page.find("main").get_text(" ", strip=True))
    return found


@pytest.mark.parametrize("goes", ["leaves the group", "closes their account"])
def test_while_voting_is_open_no_page_and_row_tells_whether_who_left_had_voted(
    ana, browser, goes, signals
):
    it = boxes.box(ana, others=9)
    cast(it, 6)
    boxes.mixed(it.vote)
    voted, silent = it.people[5], it.people[6]
    pages = [seen(it, browser)]
    signals.clear()
    for person in (voted, silent):
        if goes == "leaves the group":
            leave(it, person)
        else:
            account_deletion.leave(person)
            db.session.commit()
        pages.append(seen(it, browser))

    names = (voted.name, silent.name)
    first, second, third = (
        [re.sub("|".join(map(re.escape, names)), "", text) for text in texts] for texts in pages
    )
    assert first == second == third
    assert not [signal for signal in signals if signal.endswith(":ballots")]
    db.session.expire_all()
    lines = sa.select(Voter.left_at.is_not(None), Voter.left_by_choice).where(
        Voter.vote_id == it.vote.id, Voter.user_id.in_((voted.id, silent.id))
    )
    assert len(set(map(tuple, db.session.execute(lines)))) == 1
    assert (it.vote.left_count, it.vote.entitled_count) == (0, 10)


def test_the_voter_list_of_a_secret_vote_does_not_mark_who_left(ana, browser):
    it = boxes.box(ana)
    leave(it, it.people[0])
    page = browser(ana)
    page.get(f"{it.vote.path}/voters")

    assert it.people[0].name in page.text
    assert "Left the group" not in page.text


def files_of(vote, path):
    with zipfile.ZipFile(io.BytesIO(bundle.bundle_of(vote))) as packed:
        packed.extractall(path)
    return manifest.read((path / "manifest.json").read_bytes())


def test_the_result_and_its_files_count_out_who_left(ana, at, browser, tmp_path, verify):
    it = boxes.box(ana, quorum=80)  # 6 of 8, or 6 of 7
    cast(it, 6)
    leave(it, it.people[0], it.people[6])
    vote = boxes.closed(it.vote, at)

    outcome = counting.outcome_of(vote)
    assert (outcome.quorum, outcome.cast, outcome.winners) == (6, 6, (1,))
    assert (vote.roll_count, vote.entitled_count, vote.left_count) == (8, 7, 1)
    whole = files_of(vote, tmp_path)
    assert (whole.format, whole.roll, whole.voted, whole.left) == ("folkmoot-ballots-3", 8, 6, 1)
    said = verify(tmp_path, "--head", whole.chain[-1].hash)
    assert said.status == 0, said.lines
    assert "6 voted, 8 on the roll, of whom 1 left without a ballot" in "\n".join(said.lines)
    page = browser(ana)
    page.get(vote.path)
    assert GONE in page.page.find(id="turnout").get_text(" ", strip=True)
    assert "of 7 voted" in page.text
    assert "6 of 7 needed, 6 voted" in page.text


def test_a_number_changed_in_the_database_afterwards_is_detected(ana, at, tmp_path, verify):
    it = boxes.box(ana)
    cast(it, 5)
    leave(it, it.people[6])
    vote = boxes.closed(it.vote, at)
    db.session.execute(sa.update(Vote).values(left_count=2))
    db.session.commit()
    files_of(vote, tmp_path)

    assert "FAIL root" in "\n".join(verify(tmp_path).lines)


@pytest.mark.parametrize("number", [2, 4])
def test_with_few_ballots_no_page_tells_how_many_left(ana, at, browser, number):
    it = boxes.box(ana, quorum=50)  # 4 of 8 or of 7
    cast(it, number)
    leave(it, it.people[6])
    vote = boxes.closed(it.vote, at)

    assert (vote.left_count, vote.entitled_count) == (0, 8)
    assert "left" not in (vote.finding or {})
    page = browser(ana)
    for path in (vote.path, f"{vote.path}/voters", "/votes?tab=closed"):
        page.get(path)
        main = page.page.find("main").get_text(" ", strip=True)
        assert "left without voting" not in main
        assert not re.search(r"\b7\b", main)
    assert [row.meta for row in reads.listed(ana, reads.CLOSED).items if "of" in row.meta] == []


def test_with_few_ballots_the_quorum_is_judged_without_who_left(ana, at):
    it = boxes.box(ana, quorum=57)  # of 8 it needs 5, of 7 it needs 4
    cast(it, 4)
    leave(it, it.people[6])

    assert counting.outcome_of(boxes.closed(it.vote, at)).verdict != NO_QUORUM


@pytest.mark.parametrize("before", ["an earlier release", "leavers keep their vote"])
def test_votes_that_promise_nothing_at_opening_count_everyone(ana, at, before, tmp_path, verify):
    it = boxes.box(ana, **({"leavers": KEEP} if before.startswith("leavers") else {}))
    cast(it, 5)
    if before == "an earlier release":
        it.vote.opening = {name: v for name, v in it.vote.opening.items() if name != "leavers"}
        db.session.commit()
    leave(it, it.people[6])
    vote = boxes.closed(it.vote, at)

    assert (vote.entitled_count, vote.left_count) == (8, 0)
    whole = files_of(vote, tmp_path)
    is_earlier = before == "an earlier release"
    assert whole.format == f"folkmoot-ballots-{2 if is_earlier else 3}"
    failed = [line for line in verify(tmp_path).lines if line.startswith("FAIL")]
    assert [line.split(":")[0] for line in failed] == (["FAIL opening"] if is_earlier else [])


def test_control_a_number_that_follows_each_person_tells_who_had_voted(ana):
    it = boxes.box(ana, others=9)
    cast(it, 6)
    entitled = []
    for person in it.people[5:7]:
        leave(it, person)
        leavers.count([it.vote])
        entitled.append(it.vote.entitled_count)

    assert entitled == [10, 9]
