"""A change is made under a lock on its actor: the loss of their account, membership or role waits
for changes that have begun, and changes that begin later see it.
"""

import threading
import time
from contextlib import contextmanager
from io import BytesIO

import pytest
import sqlalchemy as sa
from sqlalchemy import event as listening
from sqlalchemy.orm import Session

from tests import factories, images, sample_site, snapshots
from tests.browser_like import Browser
from tests.events.plans import fields
from tests.groups.racing import HELD
from tests.voting import making
from webapp.accounts import credentials, suspensions
from webapp.accounts.models import User
from webapp.attendance import rsvps, rsvps_by_host
from webapp.conversation import threads
from webapp.core.db import actor_lock
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.events import hosts
from webapp.events.audience import SAID_NO
from webapp.events.models import GOING, GROUP, NOT_GOING, Event, EventHost, Rsvp
from webapp.groups import memberships, reads, requests
from webapp.groups.models import APPROVE, MEMBER, ORGANIZER, Group, JoinRequest, Membership
from webapp.privacy import deletions
from webapp.volunteering.models import EventTask

pytestmark = pytest.mark.postgresql

#: Without an account there's nobody whose rights could end.
PUBLIC = ("public", "token")
DEEP = pytest.mark.deep


def changing(app):
    """Return every route by which someone signed in changes something."""
    views = app.view_functions
    return [
        rule
        for rule in sample_site.rules(app)
        if "POST" in rule.methods
        and getattr(views[rule.endpoint], "permission", "public") not in PUBLIC
    ]


@contextmanager
def statements(engine):
    """Collect the statements that are sent."""
    sent = []
    note = lambda _connection, _cursor, statement, *_: sent.append(statement)  # noqa: E731
    listening.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        listening.remove(engine, "before_cursor_execute", note)


@pytest.mark.long(8)
def test_each_change_begins_by_locking_its_actor(app, context):
    here = snapshots.sample_site_of(app, False)
    unlocked = []
    for rule in changing(app):
        browser, path = here.browser(app, "owner"), here.path(rule)
        with statements(db.engine) as sent:
            browser.post(path).close()
        db.session.rollback()
        app.extensions["limits"].reset()
        if not sent or "pg_advisory_xact_lock" not in sent[0]:
            unlocked.append((rule.rule, sent[:1]))

    assert not unlocked


class Scene:
    """Ben organizes Ana's group, and has said that he can't go to an event for its members.
    `hosts`: but he hosts it.
    """

    def __init__(self, app, ana, ben, admin, hosts):
        self.app = app
        group = factories.group(ana, ben)
        membership = reads.membership_of(group, ben)
        membership.role = ORGANIZER
        event = factories.event(ana, group, audience=GROUP, capacity=5, has_volunteering=True)
        task = EventTask(event_id=event.id, title="Cups", position=1)
        db.session.add(task)
        if hosts:
            db.session.add(EventHost(event_id=event.id, user_id=ben.id))
        db.session.commit()
        rsvps.answer(event, by=ben, state=NOT_GOING)
        talk = threads.start(group, by=ana, title="Cups", body="Who has some?")
        vote = making.vote(group, ana)
        db.session.commit()
        self.group, self.membership, self.event = group.id, membership.id, event.id
        self.ana, self.ben, self.admin, self.task = ana.id, ben.id, admin.id, task.id
        self.paths = {
            "event": event.path,
            "new event": f"/events?group={group.slug}",
            "talk": f"{group.path}/conversation/{talk.id}",
            "vote": f"/votes/{vote.slug}",
        }
        self.browser = Browser.of(app, ben)
        db.session.remove()

    def post(self, path, data):
        """Return what Ben's browser gets for this form."""
        return self.browser.post(path.format(**self.paths, task=self.task), data).status_code

    def of(self, model, id):
        return db.session.get(model, id)


CHANGES = {
    "answers": ("{event}/rsvp", {"answer": "going", "party": "1"}),
    "takes a task": ("{event}/help/claims", {"thing": "{task}"}),
    "replies": ("{talk}/replies", {"body": "I have some"}),
    "replies with a picture": (
        "{talk}/replies",
        {"body": "Like these", "pictures": images.encoded()},
    ),
    "uploads a picture": ("{event}/files", {"files": images.encoded()}),
    "votes": ("{vote}/ballot", {"choice": "1"}),
    "pins a thread": ("{talk}/pin", {}),
    "creates an event": ("{new event}", fields(title="Tea")),
}


def delete_account(scene):
    ben = scene.of(User, scene.ben)
    deletions.ask(ben, credentials.proof_for_user(ben.id, factories.PASSWORD))


def remove(scene, banned=False):
    memberships.remove(
        scene.of(Membership, scene.membership), by=scene.of(User, scene.ana), banned=banned
    )


def unhost(scene):
    host = db.session.scalars(sa.select(EventHost).where(EventHost.user_id == scene.ben)).one()
    hosts.remove(scene.of(Event, scene.event), host, scene.of(User, scene.ana))


LOSSES = {
    "account deleted": delete_account,
    "account closed": lambda scene: suspensions.suspend(
        scene.of(User, scene.ben), by=scene.of(User, scene.admin)
    ),
    "left": lambda scene: memberships.leave(
        scene.of(Group, scene.group), by=scene.of(User, scene.ben)
    ),
    "removed": remove,
    "banned": lambda scene: remove(scene, banned=True),
    "role lost": lambda scene: memberships.change_role(
        scene.of(Membership, scene.membership), MEMBER, by=scene.of(User, scene.ana)
    ),
    "host no more": unhost,
}
#: Every change beside one loss, and every loss beside one change; deep runs have all pairs.
PAIRS = [
    pytest.param(
        change, loss, marks=[] if change == "answers" or loss == "account closed" else DEEP
    )
    for change in CHANGES
    for loss in LOSSES
]


@pytest.fixture
def scene(request, app, ana, ben, context):
    """The scene for the loss that the test's parameter names."""
    loss = getattr(request.node, "callspec", None) and request.node.callspec.params["loss"]
    admin = factories.user("Ada", "Minh", is_admin=True)
    return Scene(app, ana, ben, admin, hosts=loss == "host no more")


class Race:
    """`first` checks and writes, then `then` begins. Only when that has ended, or waits for a lock,
    may `first` commit.
    """

    def __init__(self, app):
        self.app, self.order, self.results = app, [], {}
        self.reached, self.ended = threading.Event(), threading.Event()

    def run(self, first, then):
        """Return the names of both in the order in which they committed or, if refused, ended."""
        acts = [
            threading.Thread(target=self._act, args=(first, self.reached), name=first.__name__),
            threading.Thread(target=self._act_then, args=(then,), name=then.__name__),
        ]
        self.first = first.__name__
        with listening_to("before_commit", self._stop), listening_to("after_commit", self._note):
            for thread in acts:
                thread.start()
            for thread in acts:
                thread.join(60)
        db.session.rollback()
        return self.order

    def _act(self, act, done):
        reading.set(False)
        try:
            self.results[act.__name__] = act()
            self._note()
        finally:
            done.set()

    def _act_then(self, act):
        self.reached.wait(60)
        self._act(act, self.ended)

    def _note(self, _session=None):
        name = threading.current_thread().name
        if name not in self.order:
            self.order.append(name)

    def _stop(self, _session):
        if threading.current_thread().name == self.first and not self.reached.is_set():
            self.reached.set()
            while not self.ended.is_set() and not held(self.app):
                time.sleep(0.01)
            self._note()  # from here on the other one may end sooner than this is noted


@contextmanager
def listening_to(name, function):
    """Call the function at each such moment of a session."""
    listening.listen(Session, name, function)
    try:
        yield
    finally:
        listening.remove(Session, name, function)


def held(app):
    """Whether a session of this database waits for a lock."""
    with app.app_context(), db.engine.connect() as connection:
        return connection.scalar(sa.text(HELD))


def acts_of(scene, change, loss):
    path, data = CHANGES[change]
    data = {
        name: value.format(task=scene.task)
        if isinstance(value, str)
        else (BytesIO(value), "hall.jpg")
        for name, value in data.items()
    }

    def acting():
        return scene.post(path, data)

    def losing():
        with scene.app.app_context():
            LOSSES[loss](scene)
            db.session.commit()

    return acting, losing


def left_over(scene):
    """What only someone with an account, or a member, can hold."""
    mine = sa.select(Rsvp.state).where(Rsvp.user_id == scene.ben, Rsvp.state.not_in(SAID_NO))
    tasks = sa.select(EventTask.title).where(EventTask.assignee_id == scene.ben)
    return [*db.session.scalars(mine), *db.session.scalars(tasks)]


@pytest.mark.parametrize(("change", "loss"), PAIRS)
def test_a_loss_waits_for_a_change_that_has_begun(app, scene, change, loss):
    race = Race(app)

    assert race.run(*acts_of(scene, change, loss)) == ["acting", "losing"]
    assert race.results["acting"] == 303
    assert loss in ("role lost", "host no more") or not left_over(scene)


@pytest.mark.parametrize(("change", "loss"), PAIRS)
def test_a_change_that_begins_later_sees_the_loss(app, scene, change, loss):
    acting, losing = acts_of(scene, change, loss)

    assert Race(app).run(losing, acting) == ["losing", "acting"]
    assert loss in ("role lost", "host no more") or not left_over(scene)


def test_control_without_the_lock_a_closed_account_has_a_seat(app, scene, monkeypatch):
    monkeypatch.setattr(actor_lock, "is_needed", lambda: False)

    order = Race(app).run(*acts_of(scene, "answers", "account closed"))

    assert order == ["losing", "acting"]
    assert left_over(scene)


def asked_to_join(scene):
    """Return the id of Ben's request to join another group of Ana's."""
    other = factories.group(scene.of(User, scene.ana), name="Oars", join_policy=APPROVE)
    asked = requests.ask(other, scene.of(User, scene.ben))
    db.session.commit()
    return asked.id


def test_no_request_of_an_account_that_is_being_closed_is_approved(app, scene_of_closing):
    scene = scene_of_closing
    asked = asked_to_join(scene)
    db.session.remove()

    def approving():
        with app.app_context():
            try:
                requests.approve(scene.of(JoinRequest, asked), scene.of(User, scene.ana))
                db.session.commit()
            except Conflict:
                db.session.rollback()

    assert Race(app).run(closing_of(scene), approving) == ["closing", "approving"]
    groups = sa.select(Group.member_count).where(Group.name == "Oars")
    assert db.session.scalar(groups) == 1


@pytest.fixture
def scene_of_closing(app, ana, ben, context):
    """The scene in which Ben's account will be closed."""
    return Scene(app, ana, ben, factories.user("Ada", "Minh", is_admin=True), hosts=False)


def closing_of(scene):
    def closing():
        with scene.app.app_context():
            LOSSES["account closed"](scene)
            db.session.commit()

    return closing


def in_favour_of_ben(scene, state=None):
    """Acts in which Ana adds Ben to an event, or changes her answer for him, and his account is
    closed.
    """
    event = factories.event(scene.of(User, scene.ana), scene.of(Group, scene.group), capacity=5)
    db.session.commit()
    event_id = event.id
    if state is not None:
        row = rsvps_by_host.answer_for(event, event.owner, scene.of(User, scene.ben))
        db.session.commit()
        rsvps_by_host.change(event, event.owner, row.id, state=state)
        db.session.commit()
    row_id = row.id if state is not None else None
    db.session.remove()

    def adding():
        with scene.app.app_context():
            event, ana, ben = (
                scene.of(model, id)
                for model, id in ((Event, event_id), (User, scene.ana), (User, scene.ben))
            )
            try:
                if row_id is None:
                    rsvps_by_host.answer_for(event, ana, ben)
                else:
                    rsvps_by_host.change(event, ana, row_id, state=GOING)
                db.session.commit()
                return "added"
            except UserError:
                db.session.rollback()
                return "refused"

    return adding, closing_of(scene)


@pytest.mark.parametrize("state", [None, NOT_GOING])
def test_a_loss_waits_for_what_a_host_gives_and_ends_it(app, scene_of_closing, state):
    scene = scene_of_closing
    adding, closing = in_favour_of_ben(scene, state)
    race = Race(app)

    assert race.run(adding, closing) == ["adding", "closing"]
    assert race.results["adding"] == "added"
    assert not left_over(scene)


@pytest.mark.parametrize("state", [None, NOT_GOING])
def test_a_host_gives_nothing_to_an_account_that_is_being_closed(app, scene_of_closing, state):
    scene = scene_of_closing
    adding, closing = in_favour_of_ben(scene, state)
    race = Race(app)

    assert race.run(closing, adding) == ["closing", "adding"]
    assert race.results["adding"] == "refused"
    assert not left_over(scene)
