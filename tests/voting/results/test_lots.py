"""The lot: committed at opening, secret until closing, and recomputable by anyone afterwards."""

import csv
import hashlib
import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.voting import exporting
from webapp.voting.models import ALWAYS, Vote
from webapp.voting.planning import votes
from webapp.voting.results import counting, result_views

from .. import making
from ..running import close
from ..secret import asking, boxes


def hashed(*lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def order_of(seed, options):
    drawn = {number: hashed("folkmoot-lot-1", seed, str(number)) for number in options}
    return sorted(drawn, key=drawn.__getitem__)


def closed(vote, at):
    at(vote.closes_at)
    close(vote)
    return db.session.get_one(Vote, vote.id, populate_existing=True)


def tied(group, ana, ben, **values):
    vote = making.vote(group, ana, **values)
    making.cast(vote, ana, 1)
    making.cast(vote, ben, 3)
    return vote


def changed(vote, by, **values):
    current = {"title": vote.title, "closes_at": vote.closes_at, **values}
    votes.update(vote, by=by, plan=making.plan(**current))
    db.session.commit()


def test_pages_do_not_show_the_lot_secret_before_closing(group, ana, ben, browser):
    vote = tied(group, ana, ben, results=ALWAYS)
    secret, commitment = vote.lot_secret, vote.lot_commitment
    page = browser(ana)

    texts = [
        page.get(f"{vote.path}{place}").text for place in ("", "/edit", "/voters", "/outcome.json")
    ]
    texts.append(page.get(f"/groups/{group.slug}/manage/votes").text)

    assert commitment == hashed("folkmoot-lot-commit-1", secret)
    assert commitment in texts[0]
    assert "No one knows it before the last ballot." in texts[0]
    assert "the lot is drawn after voting closes" in texts[0]
    assert not [text for text in texts if secret in text]


def test_a_secret_vote_shows_only_the_lot_commitment_before_closing(group, ana, browser):
    vote = asking.secret_vote(group, ana)
    asking.say(vote, "1", "2", "1", "2", "3")
    page = browser(ana)

    texts = [page.get(f"{vote.path}{place}").text for place in ("", "/checkpoints", "/key")]

    assert vote.lot_commitment in texts[0]
    assert vote.lot_commitment in texts[1]
    assert not [text for text in texts if vote.lot_secret in text]
    assert vote.lot_secret not in json.dumps(vote.opening)


def test_data_exports_do_not_contain_the_lot_secret(ana):
    questions = exporting._questions(ana)

    assert "lot_secret" in questions.left_out
    assert not {"lot_secret", "seed"} & set(questions.columns)


def test_the_lot_can_be_recomputed_from_the_ballot_file(group, ana, ben, at, browser):
    vote = closed(tied(group, ana, ben, is_anonymous=False), at)
    page = browser(ana)
    taken = page.get(f"{vote.path}/ballots.csv").data.decode("utf-8-sig")
    choices = sorted(row["choice"] for row in csv.DictReader(io.StringIO(taken)))
    notified = json.loads(page.get(f"{vote.path}/outcome.json").data)

    root = hashlib.sha256("".join(f"{choice}\n" for choice in choices).encode()).hexdigest()
    seed = hashed("folkmoot-lot-2", notified["lot"]["secret"], root)

    assert choices == ["1", "3"]
    assert (
        hashed("folkmoot-lot-commit-1", notified["lot"]["secret"]) == notified["lot"]["commitment"]
    )
    assert (notified["lot"]["root"], notified["rules"]["seed"]) == (root, seed)
    assert notified["outcome"]["winners"] == order_of(seed, (1, 3))[:1]
    text = page.get(vote.path).text
    assert all(
        part in text
        for part in (notified["lot"]["secret"], notified["lot"]["commitment"], root, seed)
    )
    assert "doesn’t add up" not in text


def test_the_lot_of_a_secret_vote_can_be_recomputed_from_its_bundle(group, ana, at, browser):
    vote = asking.secret_vote(group, ana)
    asking.say(vote, "1", "2", "1", "2", "")
    vote = boxes.closed(vote, at)
    with zipfile.ZipFile(io.BytesIO(browser(ana).get(f"{vote.path}/ballots.zip").data)) as held:
        found = json.loads(held.read("manifest.json"))
        root = hashlib.sha256(held.read("ballots.csv")).hexdigest()

    seed = hashed("folkmoot-lot-2", found["lot_secret"], root)
    assert found["format"] == "folkmoot-ballots-3"
    assert found["opening"]["lot"] == hashed("folkmoot-lot-commit-1", found["lot_secret"])
    assert found["result"]["winners"] == order_of(seed, (1, 2))[:1]
    assert (vote.seed, counting.lot_of(vote).holds) == (seed, True)


def test_an_additional_ballot_changes_the_lot(group, ana, ben, at):
    vote = tied(group, ana, ben)
    one = counting._root(vote)
    making.cast(vote, ben, 2)

    assert counting._root(vote) != one


@pytest.mark.parametrize("how", [{"options": ("Cheese", "Apples")}, {"title": "What else?"}])
def test_changing_the_question_before_the_first_ballot_draws_a_new_lot(group, ana, how):
    vote = making.vote(group, ana)
    before = vote.lot_secret, vote.lot_commitment

    changed(vote, ana, **how)

    assert vote.lot_secret not in before
    assert vote.lot_commitment == hashed("folkmoot-lot-commit-1", vote.lot_secret)


def test_changes_outside_the_question_keep_the_lot(group, ana):
    vote = making.vote(group, ana)
    before = vote.lot_commitment

    changed(vote, ana, description="For the picnic")

    assert vote.lot_commitment == before


def test_a_seed_published_at_opening_is_kept(group, ana, ben, at, browser):
    vote = tied(group, ana, ben)
    seed = making.seeded(vote)

    vote = closed(vote, at)

    assert (vote.seed, vote.finding["winners"]) == (seed, order_of(seed, (1, 3))[:1])
    page = browser(ana).get(vote.path).text
    assert seed in page
    assert "published when voting opened" in page


def test_a_lot_secret_replaced_after_closing_is_detected(group, ana, ben, at, browser):
    vote = closed(tied(group, ana, ben), at)
    vote.lot_secret = "0" * 64
    db.session.commit()

    assert not counting.lot_of(vote).holds
    assert "This lot doesn’t add up" in browser(ana).get(vote.path).text


def test_the_database_refuses_a_seed_before_closing(group, ana):
    vote_id = making.vote(group, ana).id
    db.session.rollback()

    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.update(Vote).where(Vote.id == vote_id).values(seed="0" * 64))


def test_kinds_without_a_lot_show_none(group, ana):
    assert counting.lot_of(making.vote(group, ana, kind="proposal")) is None
    assert counting.lot_of(making.coming(group, ana)) is None


def test_a_provisional_tie_says_that_the_lot_is_drawn_later(group, ana, ben, app):
    vote = tied(group, ana, ben, results=ALWAYS)

    with app.test_request_context():
        shown = result_views.result_for(ana, vote).view

    assert shown.ties == [
        "Some options are tied. Their order is provisional: the lot is drawn after voting closes."
    ]
