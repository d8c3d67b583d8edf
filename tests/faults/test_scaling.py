"""One site on many processes: no one notices which of them answers, that one is killed, or that the
database moves.
"""

import http.client
import shutil
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from tests import factories
from tests.deploy.deployed_site import NAME, Stream, ask, csrf_token, signed_in
from tests.processes import eventually, kill
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.events.models import Rsvp
from webapp.mail import outbox
from webapp.mail.models import SENT, OutgoingEmail

from .cluster import cluster, pair, serving

pytestmark = pytest.mark.deep

PEOPLE, EMAILS = 4, 60
ANSWERS = ("going", "not_going")
#: The error when the sender ends within the page, which a proxy can't take back.
CUT_OFF = "IncompleteRead"


@pytest.fixture(scope="module")
def parts():
    """The parts of the site, with an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-cluster-"))
    folder.chmod(0o711)
    try:
        with cluster(folder) as here:
            yield here
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def here(parts):
    """The site after migrating: all processes run, and commits wait until both databases have
    them.
    """
    if not parts.databases.ask(0, "SELECT to_regclass('alembic_version')")[0][0]:
        parts.deployed.site.flask("db", "upgrade")
    parts.databases.wait_for_both()
    with serving(parts):
        yield parts


@pytest.fixture
def app(here):
    """The application on the site's database, to create rows."""
    app = here.deployed.app()
    token = reading.set(False)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    reading.reset(token)


@pytest.fixture
def clean():
    """Keep the site's rows."""


def through(here, which):
    """Return the port of one of the web processes."""
    return here.deployed.ports[which]


FORM = {"X_Forwarded_Proto": "https", "Content_Type": "application/x-www-form-urlencoded"}


class Person:
    """Someone who is signed in; `ask` and `answer` go through nginx, or directly to a web
    process.
    """

    def __init__(self, here, user, by="web-1"):
        self.here, self.id = here, user.id
        self.headers = signed_in(through(here, by), user.email, factories.PASSWORD)
        page = ask(through(here, by), "/account", secure=False, **self.headers)
        self.token = csrf_token(page)
        if "Set-Cookie" in page.headers:  # the cookie contains what the token is compared with
            self.headers["Cookie"] = page.headers["Set-Cookie"].split(";")[0]

    def get(self, path, port=0):
        return self._sent("GET", path, None, port)

    def answer(self, slug, said, port=0):
        return self._sent(
            "POST",
            f"/events/{slug}/rsvp",
            urlencode({"csrf_token": self.token, "answer": said, "party": 1}),
            port,
        )

    def _sent(self, method, path, body, port):
        headers = {
            name: value
            for name, value in self.headers.items()
            if name != "X_Forwarded_Proto" or port
        }
        headers["Referer"] = f"https://{NAME}{path}"
        try:
            return ask(
                port or self.here.proxy.https,
                path,
                method,
                body,
                secure=not port,
                patience=90,
                **headers,
            ).status
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__


def test_two_releases_at_once_migrate_once(row, parts):
    row.fault = "scaling out: two machines migrate an empty database at once"
    row.expected = "one does, the other waits and finds it done"
    row.made = "flask db upgrade twice in the same moment, on PostgreSQL with a hot standby"
    site, began = parts.deployed.site, time.monotonic()
    options = {
        "cwd": Path(__file__).parents[2],
        "env": site._environment(),
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
    }
    both = [subprocess.Popen(site._words(("flask", "db", "upgrade")), **options) for _ in range(2)]
    said = [process.communicate(timeout=240)[0].decode() for process in both]
    revisions = parts.databases.ask(0, "SELECT version_num FROM alembic_version")
    there = parts.databases.ask(0, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    followed = eventually(
        lambda: (
            parts.databases.ask(1, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            == there
        ),
        30,
    )
    row.figure = (
        f"exits {[process.returncode for process in both]}, {there[0][0]} tables at revision "
        f"{revisions[0][0]}, "
    )
    row.figure += (
        f"{'also' if followed else 'NOT'} on the standby, {time.monotonic() - began:.0f} s"
    )

    assert [process.returncode for process in both] == [0, 0], said
    assert len(revisions) == 1
    assert followed


def test_people_cannot_tell_which_process_answers(row, here, app):
    row.fault = "scaling out: one person, two web processes, a live process"
    row.expected = (
        "signed in on one is signed in on the other; a signal crosses; tries are counted together"
    )
    row.made = (
        "sign-in at the first, pages at the second, an answer there while a stream is open at "
        "live; seven wrong passwords"
    )
    ana = factories.user("Ana")
    event = factories.event(ana, factories.group(ana))
    person, topic, slug = Person(here, ana, by="web-1"), f"event:{event.id}", event.slug
    seen = person.get("/account", through(here, "web-2"))

    cookie = {"Cookie": person.headers["Cookie"]}
    with closing(Stream(here.proxy.https, [topic], **cookie)) as stream:
        assert stream.next().startswith("retry:")
        began = time.monotonic()
        answered = person.answer(slug, "going", through(here, "web-2"))
        heard = eventually(lambda: topic in stream.next(), 10)
        delay = time.monotonic() - began
    tries = [wrong_password(here, ("web-1", "web-2")[number % 2]) for number in range(7)]
    row.figure = (
        f"seen elsewhere: {seen}; answer {answered}, its signal at live after {1000 * delay:.0f} "
        f"ms; tries {tries}"
    )

    assert (seen, answered, heard) == (200, 303, True)
    assert tries == [422] * 5 + [429] * 2


def wrong_password(here, which):
    """Return the response to a wrong password at this web process."""
    port = through(here, which)
    form = ask(port, "/sign-in", secure=False, **FORM)
    headers = FORM | {
        "Cookie": form.headers["Set-Cookie"].split(";")[0],
        "Referer": f"https://{NAME}/sign-in",
    }
    fields = {"csrf_token": csrf_token(form), "name": "someone@example.org", "password": "wrong"}
    return ask(port, "/sign-in", "POST", urlencode(fields), secure=False, **headers).status


class Crowd:
    """People who repeatedly answer and look, through nginx; `written` has each person's last
    accepted answer.
    """

    def __init__(self, here, app):
        people = [factories.user() for _ in range(PEOPLE)]
        event = factories.event(people[0])
        self.slug, self.event_id = event.slug, event.id
        self.people = [
            Person(here, user, by=("web-1", "web-2")[number % 2])
            for number, user in enumerate(people)
        ]
        self.looked, self.written, self.answers = [], {}, []
        self._stopping = threading.Event()
        db.session.remove()

    def __enter__(self):
        self.threads = [threading.Thread(target=self._live, args=(one,)) for one in self.people]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._stopping.set()
        for thread in self.threads:
            thread.join()

    def _live(self, person):
        number = 0
        while not self._stopping.is_set():
            said = ANSWERS[number % 2]
            status = person.answer(self.slug, said)
            self.answers.append((time.monotonic(), status))
            if status == 303:
                self.written[person.id] = said
            else:
                self.written.pop(person.id, None)  # it's unknown whether the answer was saved
            self.looked.append(
                (time.monotonic(), person.get(("/", f"/events/{self.slug}")[number % 2]))
            )
            number += 1

    def lost(self):
        """Return how many people find another answer than their last accepted one."""
        found = dict(
            db.session.execute(
                sa.select(Rsvp.user_id, Rsvp.state).where(Rsvp.event_id == self.event_id)
            ).all()
        )
        db.session.remove()
        return sum(found.get(person_id) != said for person_id, said in self.written.items())


def counted(answers):
    """Return the number of answers of each status, such as "200 × 35, 503 × 2"."""
    found = sorted({str(status) for _at, status in answers})
    return ", ".join(
        f"{status} × {sum(str(one) == status for _at, one in answers)}" for status in found
    )


def test_the_site_survives_a_killed_web_process(row, here, app):
    row.fault = "scaling out: a web process is killed (-9)"
    row.expected = (
        "who reads does not notice, except whose page was half sent; of what was being written at "
        "that moment the browser is told; nothing is lost"
    )
    row.made = (
        f"SIGKILL to one gunicorn and its workers under {PEOPLE} people who answer and look "
        "without a pause; started again"
    )
    with Crowd(here, app) as crowd:
        time.sleep(3)
        kill(here.process("web-2"))
        here.deployed.site.processes.remove(here.process("web-2"))
        time.sleep(4)
        here.deployed.start("web-2", port=through(here, "web-2"), patience=120)
        time.sleep(2)
    lost = crowd.lost()
    row.figure = (
        f"read {counted(crowd.looked)}; written {counted(crowd.answers)}; answers lost {lost}"
    )

    read = [status for _at, status in crowd.looked]
    assert set(read) <= {200, CUT_OFF}
    assert read.count(CUT_OFF) + sum(status != 303 for _at, status in crowd.answers) <= PEOPLE
    assert lost == 0
    assert len(crowd.written) == PEOPLE


def test_every_email_is_sent_after_one_of_two_workers_is_killed(row, here, app):
    row.fault = "scaling out: one of two workers is killed (-9)"
    row.expected = "every email goes out, at the latest after the lease"
    row.made = (
        f"SIGKILL to a worker and its child amid {EMAILS} emails, not started again; lease 10 s "
        "(usually 120)"
    )
    began = time.monotonic()
    for number in range(EMAILS):
        outbox.enqueue_email("mail/test", to=f"letter{number}@example.org")
    db.session.commit()
    assert eventually(lambda: len(arrived(here)) >= 5, 30)
    kill(here.process("worker-1"))
    here.deployed.site.processes.remove(here.process("worker-1"))
    all_out = eventually(lambda: len(set(arrived(here))) == EMAILS, 90)
    seconds = time.monotonic() - began
    settled = eventually(lambda: states() == {SENT}, 30)
    row.figure = (
        f"{len(set(arrived(here)))} of {EMAILS} out, {len(arrived(here)) - EMAILS} twice, after "
        f"{seconds:.1f} s"
    )

    assert (all_out, settled) == (True, True)


def arrived(here):
    """Return the addresses of the emails that have arrived."""
    return [
        str(email["To"]) for email in here.mailbox.emails() if str(email["To"]).startswith("letter")
    ]


def states():
    """Return the states of those emails."""
    found = set(
        db.session.scalars(
            sa.select(OutgoingEmail.state).where(OutgoingEmail.address.startswith("letter"))
        )
    )
    db.session.rollback()
    return found


def test_the_site_continues_on_the_promoted_standby(row, here, app, folder):
    row.fault = "scaling out: the machine of PostgreSQL is lost, and its hot standby promoted"
    row.expected = (
        "503 meanwhile, then all goes on without a restart of anything; nothing that was answered "
        "with success is lost"
    )
    row.made = (
        "SIGKILL to the primary and all of its processes under a crowd; pg_promote; DATABASE_URL "
        "names both, with "
    )
    row.made += "target_session_attrs=read-write; synchronous_standby_names='*'"
    with Crowd(here, app) as crowd:
        time.sleep(3)
        before = len(crowd.answers)
        here.databases.lose_the_first()
        lost_at = time.monotonic()
        time.sleep(2)
        here.databases.promote()
        promoted = time.monotonic()
        back = eventually(
            lambda: any(at > promoted and status == 303 for at, status in crowd.answers), 60
        )
        at_work = next(
            (at for at, status in crowd.answers if at > promoted and status == 303),
            time.monotonic(),
        )
        time.sleep(5)
    db.session.remove()
    db.engine.dispose()
    lost = crowd.lost()
    after = [status for at, status in crowd.answers if at > at_work + 3]
    ready = eventually(lambda: all(is_ready(here, name) for name in ("web-1", "web-2")), 60)
    row.figure = (
        f"{before} answers before; written {counted(crowd.answers)}; answers lost {lost}; writing "
        "again "
    )
    row.figure += (
        f"{at_work - promoted:.1f} s after the promotion ({promoted - lost_at:.1f} s after the "
        f"loss); then {set(after)}"
    )
    control = written_without_waiting(folder)
    row.control = (
        f"without synchronous_standby_names, the standby behind: {control} of 10 committed rows "
        "lost"
    )

    assert (back, lost) == (True, 0)
    assert {status for _at, status in crowd.answers} <= {303, 503, 502, 504}
    assert set(after) == {303}
    assert ready
    assert control == 10


def is_ready(here, name):
    """Whether this process reports that it is ready."""
    return ask(through(here, name), "/health/ready", secure=False).status == 200


def written_without_waiting(folder):
    """Return how many of ten committed rows are lost with the primary, if the standby was behind
    and commits didn't wait for it.
    """
    with pair(folder / "control") as databases:
        databases.ask(0, "CREATE TABLE kept (n int)")
        assert eventually(lambda: bool(databases.ask(1, "SELECT to_regclass('kept')")[0][0]), 20)
        databases.stop_following()
        for number in range(10):
            databases.ask(0, f"INSERT INTO kept VALUES ({number})")
        databases.lose_the_first()
        databases.promote()
        return 10 - int(databases.ask(1, "SELECT count(*) FROM kept")[0][0])


def test_clock_and_emails_still_work_afterwards(row, here, app):
    row.fault = "scaling out: after all of that"
    row.expected = "worker, clock and live have found the new database by themselves"
    row.made = "an email and a signal on the promoted database"
    outbox.enqueue_email("mail/test", to="after@example.org")
    db.session.commit()
    came = eventually(
        lambda: any(str(email["To"]) == "after@example.org" for email in here.mailbox.emails()), 60
    )
    ana = factories.user("Ana")
    event = factories.event(ana, factories.group(ana))
    person, topic, slug = Person(here, ana), f"event:{event.id}", event.slug
    stream, refused = opened(here, topic, person)
    with closing(stream):
        person.answer(slug, "going")
        heard = eventually(lambda: topic in stream.next(), 10)
    alive = SimpleNamespace(
        **{
            name.replace("-", "_"): here.process(name).poll()
            for name in ("live", "worker-2", "clock")
        }
    )
    row.figure = (
        f"the email {'came' if came else 'did NOT come'}, the signal "
        f"{'too' if heard else 'did NOT'}; "
    )
    row.figure += f"the stream was refused {refused} times before; ended: {alive}"

    assert (came, heard) == (True, True)
    assert set(vars(alive).values()) == {None}


def opened(here, topic, person):
    """Return an open stream, and how often it was refused before.

    A process that hasn't used the database since the failover notices it at its first query;
    browsers retry.
    """
    for refused in range(20):
        stream = Stream(here.proxy.https, [topic], Cookie=person.headers["Cookie"])
        if stream.status == 200:
            return stream, refused
        stream.close()
        time.sleep(0.5)
    raise AssertionError("live has not found the database")
