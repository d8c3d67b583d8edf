"""Response lengths, which proxies log and eavesdroppers see, don't reveal choices."""

from datetime import timedelta

import pytest

from tests import factories
from tests.voting import making
from webapp.core.http.pages import STEP
from webapp.core.time import clock

from . import asking, boxes
from .asking import cast

#: as different as titles may be
OPTIONS = (
    "No",
    "Yes",
    "A title that is so long that nobody who reads how many bytes were sent has any doubt about "
    "it at all",
)
COMPRESSED = {"Accept-Encoding": "gzip, br"}

pytestmark = pytest.mark.any_database


@pytest.fixture
def voters(group, ana):
    people = [factories.user(f"Voter{number}") for number in range(5)]
    for person in people:
        factories.membership(group, person)
    return people


def sent(page, path, **values):
    """Return the length of the response in bytes, as sent over the network."""
    answer = page.post(path, values, headers=COMPRESSED)
    assert answer.status_code in (200, 422)
    return int(answer.headers["Content-Length"])


@pytest.mark.parametrize("kind", ["single", "schulze"])
def test_response_lengths_do_not_reveal_the_choice(group, ana, browser, voters, kind):
    vote = making.vote(group, ana, is_secret=True, kind=kind, options=OPTIONS)
    name = "choice" if kind == "single" else "mark-{}"
    lengths, found, refused = set(), set(), set()
    for number, voter in enumerate(voters[:3], 1):
        page = browser(voter)
        chosen = {name.format(number): str(number) if kind == "single" else "1"}
        lengths.add(sent(page, f"{vote.path}/secret-ballot", version="1", **chosen))
        refused.add(sent(page, f"{vote.path}/secret-ballot", version="1", **chosen))
    assert len(lengths) == len(refused) == 1
    assert not next(iter(lengths)) % STEP
    for number, voter in enumerate(voters[3:], 1):
        page = browser(voter)
        key = cast(
            page, vote, **{name.format(number + 1): str(number + 1) if kind == "single" else "1"}
        )
        found.add(sent(page, f"{vote.path}/key", key=key))
    assert len(found) == 1


def test_response_lengths_of_late_ballots_do_not_reveal_the_choice(group, ana, browser, voters, at):
    soon = clock.now() + timedelta(hours=1)
    vote = asking.secret_vote(group, ana, 0, options=OPTIONS, closes_at=soon)
    pages = [browser(voter) for voter in voters[:3]]
    at(soon)

    ballots = [(page, {"version": "1", "choice": str(n)}) for n, page in enumerate(pages, 1)]
    lengths = {sent(page, f"{vote.path}/secret-ballot", **ballot) for page, ballot in ballots}

    assert len(lengths) == 1
    assert not next(iter(lengths)) % STEP
    for page, title in zip(pages, OPTIONS, strict=True):
        assert page.page.select_one("textarea[readonly]").get_text(strip=True) == title
        assert page.answer.headers["Cache-Control"] == "private, no-store"


def test_response_lengths_of_a_ballot_check_do_not_reveal_the_choice(group, ana, browser, at):
    vote = asking.secret_vote(group, ana, 4, options=OPTIONS)
    keys = asking.say(vote, "1", "2", "3", "3", "")
    boxes.closed(vote, at)
    page = browser(ana)
    assert len({sent(page, f"{vote.path}/key", key=key) for key in keys}) == 1
