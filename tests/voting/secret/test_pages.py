"""The pages of secret ballots: the key is shown once and appears nowhere else."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import g, request

from tests import factories
from tests.browser_like import ORIGIN, values_of
from tests.voting import making
from tests.voting.kinds import SAMPLES
from webapp.accounts import loader
from webapp.accounts.models import SignIn
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting import access
from webapp.voting.models import SecretBallot, SecretRoll
from webapp.voting.routes import secret_ballots
from webapp.voting.secret import casting, keys
from webapp.voting.tally.rules import KINDS

from . import asking, boxes
from .asking import cast, key_on

PARTS = ("status", "ballot", "results", "turnout", "outcome", "reasons")


def box(vote):
    db.session.rollback()
    return db.session.scalars(
        sa.select(SecretBallot.choice).where(SecretBallot.vote_id == vote.id)
    ).all()


def test_the_key_is_only_in_the_response_and_in_no_url_cookie_or_header(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)

    key = cast(page, vote, choice="2")

    spelled = keys.spelled(key)
    assert page.page.find(id="key").get_text() == spelled
    assert [line.get_text() for line in page.page.select("[data-spoken] li")] == [
        " ".join(part) for part in spelled.split()
    ]
    assert "Bread" in page.text
    headers = page.answer.headers
    assert headers["Cache-Control"] == "private, no-store"
    assert not {"ETag", "Location", "HX-Push-Url", "HX-Replace-Url", "HX-Redirect"} & set(headers)
    with page.client.session_transaction(base_url=ORIGIN) as session:
        kept = [page.path, *headers.values(), *map(str, session.values())]
    parts = (key, spelled, spelled.split()[0])
    assert not [value for value in kept for part in parts if part in value]
    attributes = [str(value) for tag in page.page.find_all(True) for value in tag.attrs.values()]
    assert not [value for value in attributes for part in parts if part in value]
    assert box(vote) == ["2"]


def test_the_key_page_has_no_other_links_and_no_live_updates(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    cast(page, vote, choice="2")

    assert [link["href"] for link in page.page.select("main a")] == [f"{vote.path}#ballot"]
    assert not page.page.select("nav.nav, form, [data-live], [hx-get], [hx-post]")
    assert not page.page.select_one("body").get("data-live")


def test_voters_without_their_key_read_what_it_means_but_not_their_choice(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    key = cast(page, vote, choice="2")

    page.get(vote.path)

    ballot = page.page.find(id="ballot").get_text(" ", strip=True)
    assert "You’ve voted" in ballot
    assert "Your ballot still counts, as you cast it" in ballot
    assert "You can’t vote again either" in ballot
    assert "Bread" not in ballot
    assert not page.page.select("#ballot form")
    assert key not in page.answer.text
    assert (
        page.get(f"{vote.path}/secret-ballot").headers["Location"].endswith(f"{vote.path}#ballot")
    )


def test_a_ballot_form_sent_again_is_the_same_ballot_with_the_same_key(group, ana, ben, browser):
    """After a double click, whose first response no browser shows, or without a response: otherwise
    nobody would have seen the key.
    """
    vote = asking.secret_vote(group, ana)
    page, other = browser(ben), browser(ana)
    page.get(vote.path)
    sent = {**values_of(page.page.find(id="ballot-form")), "choice": "2"}

    first = page.post(f"{vote.path}/secret-ballot", sent)
    key = key_on(page)
    again = page.post(f"{vote.path}/secret-ballot", sent)

    assert (first.status_code, again.status_code) == (200, 200)
    assert key_on(page) == key != ""
    assert box(vote) == ["2"]
    assert "Your ballot stays as you first cast it" not in page.text
    assert (
        other.post(
            f"{vote.path}/secret-ballot", {**sent, "csrf_token": other.csrf_token()}
        ).status_code
        == 200
    )
    assert key_on(other) not in ("", key), "a word is worth nothing to someone else"
    assert page.post(f"{vote.path}/secret-ballot", {**sent, "choice": "3"}).status_code == 422
    assert not key_on(page), "another choice is another ballot"
    boxes.change(vote, ben, key, 3)
    assert page.post(f"{vote.path}/secret-ballot", sent).status_code == 422
    assert not key_on(page), "whoever has changed it since has the key"


def test_a_ballot_form_resent_after_closing_is_not_refused_as_late(group, ana, ben, browser, at):
    vote = asking.secret_vote(group, ana, closes_at=clock.now() + timedelta(minutes=9))
    page = browser(ben)
    page.get(vote.path)
    sent = {**values_of(page.page.find(id="ballot-form")), "choice": "2"}
    page.post(f"{vote.path}/secret-ballot", sent)
    key = key_on(page)
    boxes.closed(vote, at)

    page.post(f"{vote.path}/secret-ballot", sent)

    assert key_on(page) == key


def test_without_the_form_token_a_second_ballot_is_refused_and_shows_no_key(
    group, ana, ben, browser
):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    key = cast(page, vote, choice="2")

    answer = page.post(f"{vote.path}/secret-ballot", {"choice": "2", "version": "1"})

    assert answer.status_code == 422
    assert page.page.h1.get_text() == "You’ve already voted"
    assert "Your ballot stays as you first cast it." in page.text
    assert not key_on(page)
    assert key not in answer.text
    assert page.page.find(id="key")["value"] == ""
    assert box(vote) == ["2"]


def test_a_second_tab_asks_for_the_key_and_keeps_its_choices(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    page.get(vote.path)
    late = page.page
    key = cast(page, vote, choice="2")
    page._parsed = (page.answer, late)

    assert page.submit("/secret-ballot", choice="3").status_code == 422
    assert [box["value"] for box in page.page.select("#ballot-form [checked]")] == ["3"]
    page.submit("/key/ballot", key=key)

    assert page.path == vote.path
    assert "Your ballot was changed. The key stays the same." in page.text
    assert box(vote) == ["3"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            # The last character only checks the others: a wrong one is always noticed.
            lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
            "This isn’t a valid key",
        ),
        (lambda key: keys.fresh(), "No ballot in this vote has this key"),
        (lambda key: "", "Enter your key"),
        (lambda key: "no key at all", "This isn’t a valid key"),
    ],
)
def test_a_wrong_key_is_explained_at_its_field_and_keeps_the_choices(
    group, ana, ben, browser, spoil, words
):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    key = cast(page, vote, choice="2")
    page.get(f"{vote.path}/key")
    page.submit("/key", key=key)

    answer = page.submit("/key/ballot", key=spoil(key), choice="1")

    assert answer.status_code == 422
    assert words in page.page.find(id="key-err").get_text()
    assert [one["value"] for one in page.page.select("#ballot-form [checked]")] == ["1"]
    assert page.page.title.string.startswith("Error:")
    assert box(vote) == ["2"]
    page.get(f"{vote.path}/key")
    assert page.submit("/key", key=spoil(key)).status_code == 422
    assert words in page.page.find(id="key-err").get_text()


def test_a_key_is_accepted_in_any_spelling(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    key = cast(page, vote, choice="2")
    page.get(f"{vote.path}/key")

    page.submit(
        "/key",
        key=f"  {keys.spelled(key).lower().replace('0', 'o').replace('1', 'l').replace(' ', '-')} ",
    )

    assert page.answer.status_code == 200
    assert "This is your ballot Bread" in page.text
    assert page.page.find(id="key")["value"] == keys.spelled(key)
    assert page.answer.headers["Cache-Control"] == "private, no-store"


def test_people_who_have_not_voted_find_no_ballot_by_a_key(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    key = cast(browser(ben), vote, choice="2")
    page = browser(ana)
    page.get(f"{vote.path}/key")
    assert "You haven’t voted yet" in page.text
    assert not page.page.select("main form")

    assert page.post(f"{vote.path}/key", {"key": key}).status_code == 422
    assert "Bread" not in page.text
    late = factories.user("Late")
    factories.membership(group, late)
    assert "not on its list of voters" in browser(late).post(f"{vote.path}/key", {"key": key}).text


def test_after_closing_nothing_is_cast_or_changed(group, ana, ben, browser, at):
    vote = asking.secret_vote(group, ana)
    key = cast(browser(ben), vote, choice="2")
    boxes.closed(vote, at)
    page, other = browser(ben), browser(ana)

    assert page.post(f"{vote.path}/key/ballot", {"key": key, "choice": "1"}).status_code == 422
    assert "Voting has closed" in page.text
    assert other.post(f"{vote.path}/secret-ballot", {"choice": "1"}).status_code == 422
    assert "Voting has closed" in other.text
    assert not key_on(other)
    assert box(vote) == ["2"]


def test_a_refused_ballot_keeps_its_choices_and_leaves_no_mark(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana, kind="approval", choices_max=1)
    page = browser(ben)
    page.get(vote.path)

    assert page.submit("/secret-ballot", choice=["1", "3"]).status_code == 422
    assert "at most 1" in page.page.find(id="choice-err").get_text()
    assert [one["value"] for one in page.page.select("#ballot-form [checked]")] == ["1", "3"]
    assert box(vote) == []
    assert not access.has_voted(ben, vote)


def test_secret_and_other_ballots_have_separate_urls(group, ana, ben, browser):
    secret, plain = asking.secret_vote(group, ana), making.vote(group, ana)
    page = browser(ben)

    assert page.post(f"{secret.path}/ballot", {"choice": "1"}).status_code == 404
    assert {
        page.get(f"{plain.path}/{path}").status_code
        for path in ("secret-ballot", "key", "checkpoints", "ballots.zip")
    } == {404}
    assert {
        page.post(f"{plain.path}/{path}").status_code
        for path in ("secret-ballot", "key", "key/ballot")
    } == {404}
    assert box(secret) == []


def test_a_secret_ballot_is_sent_as_a_whole_page_without_htmx(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    page.get(vote.path)
    form = page.page.find(id="ballot-form")

    assert not [name for name in form.attrs if name.startswith("hx-")]
    assert form["autocomplete"] == "off"
    headers = {"HX-Request": "true", "HX-Target": "section#ballot", "HX-Request-Type": "partial"}
    answer = page.post(f"{vote.path}/secret-ballot", {"choice": "1"}, headers=headers)
    assert "<html" in answer.text


def test_casting_and_changing_do_not_update_last_seen_or_anything_else(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    page.get(vote.path)

    def written(act):
        """Return the tables that changed, and whether a last-seen time is written once the request
        is over.
        """
        db.session.execute(sa.update(SignIn).values(last_seen_at=clock.now() - timedelta(hours=1)))
        db.session.commit()
        before = boxes.whole()
        assert act().status_code < 400
        return boxes.changed_tables(before), loader._DUE in g

    assert written(lambda: page.submit("/secret-ballot", choice="2")) == (
        {"secret_roll", "secret_ballot"},
        False,
    )
    answer = {"key": key_on(page), "choice": "3", "version": str(vote.version)}
    assert written(lambda: page.post(f"{vote.path}/key/ballot", answer)) == (
        {"secret_ballot"},
        False,
    )
    assert box(vote) == ["3"]
    assert written(lambda: page.get("/groups")) == (set(), True), (
        "the control: other requests leave a time"
    )


def test_no_ballot_is_stored_when_its_key_page_cannot_be_rendered(
    group, ana, ben, browser, monkeypatch
):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)

    def broken(*_given):
        raise ValueError

    monkeypatch.setattr(secret_ballots, "_key_page", broken)
    assert page.post(f"{vote.path}/secret-ballot", {"choice": "1"}).status_code == 500

    assert box(vote) == []
    assert not access.has_voted(ben, vote)


def test_before_a_mix_a_new_ballot_changes_no_page_of_anyone_else(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ana)

    def seen():
        whole = [
            page.get(path).text
            for path in (vote.path, f"{vote.path}/voters", f"{vote.path}/checkpoints", "/votes")
        ]
        parts = [page.fragment(vote.path, part, method="GET").text for part in PARTS]
        return [
            re.sub(r'value="[^"]{16,}"', "", text) for text in whole + parts
        ]  # tokens are new each time

    before = seen()
    cast(browser(ben), vote, choice="2")
    assert seen() == before
    boxes.mixed(vote)
    assert seen() != before


def test_voters_see_only_their_own_mark_on_the_voter_list(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    cast(page, vote, choice="2")

    page.get(f"{vote.path}/voters")
    marked = [
        row.get_text(" ", strip=True)
        for row in page.page.select("li.person")
        if row.select(".chip")
    ]
    assert marked == ["BO Ben Okafor Voted"]
    other = browser(ana)
    other.get(f"{vote.path}/voters")
    assert not other.page.select("li.person .chip")
    assert "Only voters themselves can see" in other.text


def test_a_typed_key_appears_on_no_error_page(group, ana, ben, browser):
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    key = keys.spelled(cast(page, vote, choice="2"))

    answer = page.post(f"{vote.path}/key", {"key": key}, csrf=False)

    assert answer.status_code == 400
    assert key not in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_ballots_of_every_kind_are_cast_found_and_changed(group, ana, ben, browser, kind):
    dates = making.evenings(3, 4, 5) if KINDS[kind].has_dates else ()
    vote = asking.secret_vote(group, ana, kind=kind, dates=dates, seats=2)
    marks = SAMPLES[kind].filled
    page = browser(ben)
    key = cast(page, vote, **marks)
    page.get(f"{vote.path}/key")
    page.submit("/key", key=key)
    db.session.rollback()
    first = casting.found(vote, ben, key)

    blank = {name: "" for name in marks if name != "choice"}
    page.submit("/key/ballot", choice="blank", **blank)

    db.session.rollback()
    assert first
    assert casting.found(vote, ben, key) == ""
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(SecretRoll).where(SecretRoll.voted)
        )
        == 1
    )


@pytest.mark.any_database
def test_changing_a_ballot_updates_last_seen_neither_before_nor_after(
    group, ana, ben, browser, monkeypatch
):
    """A last-seen time written next to a ballot would reveal its voter to someone who compares
    transactions.
    """
    vote = asking.secret_vote(group, ana)
    page = browser(ben)
    key = cast(page, vote, choice="2")
    noted = []
    monkeypatch.setattr(loader, "skip_last_seen", lambda: noted.append(request.path))

    page.get(vote.path)
    page.get(f"{vote.path}/key")
    page.submit("/key", key=key)
    page.submit("/key/ballot", key=key, choice="3")

    by_key = f"{vote.path}/key"
    assert (page.path, box(vote)) == (vote.path, ["3"])
    assert noted == [vote.path, by_key, by_key, f"{by_key}/ballot", vote.path]
