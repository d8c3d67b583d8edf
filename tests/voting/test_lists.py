"""The lists of votes: open, scheduled, closed, and to do."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting import reads
from webapp.voting.planning import lifecycle, votes

from . import making


def titles(rows):
    return [row.title for row in rows]


def test_every_vote_is_listed_under_its_tab(group, ana, ben, at):
    hour = timedelta(hours=1)
    over = making.vote(group, ana, title="Over", closes_at=clock.now() + hour / 2)
    later = making.vote(group, ana, title="Later", closes_at=clock.now() + 5 * hour)
    making.vote(group, ana, title="Sooner", closes_at=clock.now() + 4 * hour)
    making.coming(group, ana, title="Coming")
    votes.cancel(making.vote(group, ana, title="Off"), by=ana)
    making.cast(later, ben, 1)
    at(over.closes_at)
    lifecycle.close(over.id)
    db.session.commit()

    assert titles(reads.listed(ben, "open").items) == ["Sooner", "Later"]
    assert titles(reads.listed(ben, "to-do").items) == ["Sooner"]
    assert (reads.to_do_count(ben), reads.to_do_count(ana)) == (1, 2)
    assert titles(reads.listed(ben, "coming").items) == ["Coming"]
    assert titles(reads.listed(ben, "closed").items) == ["Off", "Over"]
    assert [row.chip for row in reads.listed(ben, "open").items] == [
        ("wait", "You haven’t voted yet"),
        ("yes", "You’ve voted"),
    ]
    assert reads.listed(ben, "closed").items[0].chip == ("no", "Cancelled")


def test_a_group_lists_its_own_votes_and_strangers_see_none(group, ana, ben, cem):
    making.vote(group, ana, title="Ours")
    other = factories.group(ana, ben)
    making.vote(other, ana, title="Theirs")

    assert (
        titles(reads.open_of(group, ben))
        == titles(reads.listed(ben, "open", group=group).items)
        == ["Ours"]
    )
    assert reads.listed(ben, "open").total == 2
    assert reads.open_of(group, cem) == []
    assert reads.listed(cem, "open").total == 0
    assert reads.listed(cem, "to-do").items == []


def test_an_event_lists_the_votes_about_it(group, ana, ben, cem):
    event = factories.event(ana, group)
    making.vote(group, ana, title="Elsewhere")
    making.vote(group, ana, event=event, title="Which soup?")

    assert titles(reads.about(event, ben)) == ["Which soup?"]
    assert reads.about(event, cem) == []


def test_pagination_shows_the_total(group, ana, monkeypatch):
    monkeypatch.setattr(reads, "PAGE", 2)
    for number in range(3):
        making.vote(group, ana, title=f"Vote {number}")

    first, second = reads.listed(ana, "open", 1), reads.listed(ana, "open", 2)

    assert (first.total, len(first.items), len(second.items)) == (3, 2, 1)


@pytest.mark.parametrize("tab", ["to-do", "open", "coming", "closed"])
def test_the_list_takes_the_same_statements_for_one_and_three(
    group, ana, ben, browser, statements_of, tab
):
    def add():
        made = making.coming(group, ana) if tab == "coming" else making.vote(group, ana)
        if tab == "closed":
            votes.cancel(made, by=ana)
        db.session.commit()

    page = browser(ben)
    page.get(f"/votes?tab={tab}")
    add()
    one = statements_of(lambda: page.get(f"/votes?tab={tab}"))
    add()
    add()
    three = statements_of(lambda: page.get(f"/votes?tab={tab}"))

    assert page.text.count("What do we bring?") == 3
    assert one == three <= 8


def test_reads_take_the_same_statements_for_one_and_three(group, ana, ben, statements_of):
    costs = []
    for count in (1, 2):
        for _ in range(count):
            making.vote(group, ana)
        db.session.refresh(group)
        db.session.refresh(ben)
        of_group = statements_of(lambda: [row.meta for row in reads.open_of(group, ben)])
        costs.append([of_group, statements_of(lambda: reads.to_do_count(ben))])

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 2


@pytest.mark.parametrize("tab", reads.TABS)
def test_lists_do_not_scan_votes_of_other_groups(group, ana, ben, tab):
    making.vote(group, ana)
    if db.engine.dialect.name != "sqlite":
        return  # the planner reads a table with one row
    sent = []
    sa.event.listen(
        db.engine, "before_cursor_execute", note := lambda *a: sent.append((a[2], a[3]))
    )
    reads.listed(ben, tab)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    ask = db.session.connection().exec_driver_sql
    steps = [row[3] for sql, values in sent for row in ask(f"EXPLAIN QUERY PLAN {sql}", values)]

    assert [step for step in steps if "ix_vote_group_id_closes_at" in step]
    assert not [step for step in steps if step.startswith("SCAN vote")]
