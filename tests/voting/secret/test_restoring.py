"""A site restored during a secret vote: restored ballots verify, and later ones are reported as
lost.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.browser_like import Browser
from tests.ops.sites import backed_up, command, migrated as migrated, new_site as new_site
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.observability.audit import AuditEntry
from webapp.voting.models import Vote
from webapp.voting.secret import bundle, casting, chain, reads

from . import boxes
from .asking import key_on
from .making import Folder, named

SAYS = "The site was restored from a backup"


@pytest.fixture
def before(new_site, migrated, tmp_path):
    """A vote that was backed up while it ran.

    Five of seven voters voted and were mixed, and the sixth voted; then a backup was made, the
    seventh voted, and the box was mixed. Return what someone has noted: the archive, everyone's
    key, and the two checkpoints.
    """
    app = new_site(like=migrated)
    with app.app_context():
        it = boxes.box(factories.user("Ana"), others=6)
        keys = [boxes.cast(it.vote, person, 2) for person in it.people[:5]]
        kept = boxes.mixed(it.vote).hash
        keys.append(boxes.cast(it.vote, it.people[5], 2))
        vote_id, ids = it.vote.id, [person.id for person in it.people]
        db.session.remove()
        archive = backed_up(app, tmp_path)
        vote = db.session.get(Vote, vote_id)
        keys.append(boxes.cast(vote, db.session.get(User, ids[6]), 3))
        lost = boxes.mixed(vote).hash
    return archive, keys, kept, lost, ids


def test_restored_ballots_verify_and_later_ones_are_reported_as_lost(
    before, new_site, tmp_path, at, verify
):
    archive, keys, kept, lost, ids = before
    app = new_site()
    assert command(app, "restore", archive).exit_code == 0
    with app.app_context():
        vote = db.session.scalars(sa.select(Vote)).one()
        people = [db.session.get(User, user_id) for user_id in ids]
        assert [
            casting.found(vote, person, key) for person, key in zip(people, keys[:6], strict=False)
        ] == ["2"] * 6
        assert [link.hash for link in reads.links(vote)][-1] == kept
        sixth, seventh = Browser.of(app, people[5]), Browser.of(app, people[6])
        sixth.post(f"{vote.path}/key", {"key": keys[6]})
        assert SAYS in sixth.text
        seventh.get(vote.path)
        assert SAYS in seventh.page.find(id="ballot").get_text()
        seventh.submit("/secret-ballot", choice="1")
        again = key_on(seventh)
        boxes.change(vote, people[0], keys[0], 1)

        closed = boxes.closed(vote, at)

        assert chain.sound(reads.links(closed)) is None
        assert (closed.ballot_count, closed.finding["totals"]) == (7, {"1": 2, "2": 5, "3": 0})
        folder = Folder(tmp_path / "unpacked", bundle.bundle_of(closed))
        said = verify(
            folder.path, "--head", reads.head(closed), "--seen", kept, "--key", typed=again
        )
        assert said.status == 0, said.lines
        assert named(verify(folder.path, "--seen", lost).lines)["head"] == "FAIL"
        later = Browser.of(app, people[5])
        later.get(f"{vote.path}/checkpoints")
        assert SAYS in later.text


def test_restores_outside_the_voting_period_are_not_mentioned(ana, at):
    vote = boxes.closed(boxes.box(ana).vote, at)
    second = timedelta(seconds=1)
    for moment in (vote.opened_at - second, vote.opened_at + second, vote.closed_at + second):
        details = {"made_at": vote.opened_at.isoformat()}
        db.session.add(AuditEntry(action=reads.RESTORED, created_at=moment, details=details))
    db.session.commit()

    assert reads.restores(vote) == [(vote.opened_at + second, vote.opened_at)]
