"""Ended votes explain themselves instead of showing forms that always refuse."""

import pytest
from werkzeug.routing import RequestRedirect

from tests import sample_site, snapshots
from webapp.core.extensions import db
from webapp.voting.models import INVITED, Vote
from webapp.voting.planning import votes

pytestmark = pytest.mark.any_database
#: What managers and commenters of the vote can still send.
TALK = {f"vote_comments.{act}" for act in ("create", "follow", "lock", "react")}
#: And once it is counted.
COUNTED = {"vote_outcomes.update", "ballot_keys.read"}


def forms_of(app, tab, slug):
    """Return the endpoints of forms for changes, with the pages of the vote that show them."""
    urls, found = app.url_map.bind("127.0.0.1"), {}
    for rule in sample_site.rules(app, "GET"):
        if rule.rule.startswith("/votes/<slug>") and rule.arguments == {"slug"}:
            page = rule.rule.replace("<slug>", slug)
            answer = tab.get(page)
            app.extensions["limits"].reset()
            if answer.status_code == 200 and answer.mimetype == "text/html":
                for form in tab.forms:
                    action = str(form.get("action") or page).partition("?")[0]
                    try:
                        found.setdefault(urls.match(action, method="POST")[0], []).append(page)
                    except RequestRedirect:
                        continue
    return found


@pytest.mark.parametrize("state", ["counted", "secret", "cancelled", "cancelled, for the invited"])
def test_no_page_of_an_ended_vote_shows_a_form_that_always_refuses(app, context, state):
    here = snapshots.sample_site_of(app, secret=False)
    vote = {"counted": here.counted_vote, "secret": here.secret_vote}.get(state)
    if vote is None:
        begun = here.invited_vote if "invited" in state else here.vote
        vote = votes.cancel(db.session.get(Vote, begun.id), here.people["owner"])
        db.session.commit()
        assert (vote.electorate == INVITED) == ("invited" in state)

    found = forms_of(app, here.browser(app, "owner"), vote.slug)

    allowed = TALK | (COUNTED if vote.is_counted else set())
    assert {name: pages for name, pages in found.items() if name not in allowed} == {}
    assert TALK & set(found)


def test_the_edit_page_of_an_ended_vote_explains_itself(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    tab = here.browser(app, "owner")

    tab.get(f"/votes/{here.counted_vote.slug}/edit")

    assert "This vote has ended and can’t be changed any more." in tab.text
    assert tab.page.find("textarea") is None
