"""Secret votes as people use them: created, cast on the vote's page, closed."""

from datetime import timedelta
from typing import Any

from tests import factories
from tests.browser_like import Browser
from tests.voting import making
from webapp.core.extensions import db
from webapp.voting import access
from webapp.voting.models import Vote
from webapp.voting.planning import lifecycle
from webapp.voting.secret import keys

from . import boxes


def secret_vote(group: Any, by: Any, others: int = 3, **values: Any) -> Vote:
    """Create an open secret vote; besides the group's members this many others can vote."""
    for _place in range(others):
        factories.membership(group, factories.user("Voter"))
    settled = {"results": "after_close", "is_secret": True}
    return making.vote(group, by, **{**settled, **values})


def cast(page: Browser, vote: Vote, **chosen: Any) -> str:
    """Cast this ballot on the vote's page; return the key that the page shows."""
    page.get(vote.path)
    assert page.submit("/secret-ballot", **chosen).status_code == 200, page.text
    return key_on(page)


def key_on(page: Browser) -> str:
    """Return the key that the page shows, or ""."""
    shown = page.page.select_one("p#key")
    return keys.read(shown.get_text()) if shown else ""


def say(vote: Vote, *said: str) -> list[str]:
    """Cast these ballots for voters who haven't voted, the newest accounts first; return their
    keys.
    """
    silent = [
        person
        for person in db.session.scalars(access.electors(vote))
        if not access.has_voted(person, vote)
    ]
    silent.sort(key=lambda person: person.id, reverse=True)
    assert len(silent) >= len(said)
    return [boxes.says(vote, person, choice) for person, choice in zip(silent, said, strict=False)]


def counted(group: Any, by: Any, others: int = 0) -> Vote:
    """Create a counted secret vote with ballots of five voters."""
    vote = secret_vote(group, by, others)
    say(vote, "1", "2", "1", "3", "")
    return closed(vote)


def closed(vote: Vote) -> Vote:
    """Close and count the vote at once."""
    declared = vote.opens_at, vote.closes_at
    vote.opens_at, vote.closes_at = (moment - timedelta(days=2) for moment in declared)
    db.session.commit()
    lifecycle.close(vote.id)
    vote.opens_at, vote.closes_at = declared
    db.session.commit()
    return vote
