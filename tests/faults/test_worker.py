"""A worker is killed with -9 while emails are being sent."""

import time

import pytest

from .fault_site import end, fault_site

pytestmark = pytest.mark.faults

EMAILS, LEASE = 60, 10


def kill(here, who):
    """Kill parent, child or both while an email is being sent; a supervisor restarts what it has
    started.
    """
    horses = here.horses() if who != "parent" else []
    if who != "child":
        here.kill("worker")
    end(horses)


def deaths(place, who, without=""):
    """Return (emails never sent, additional emails, seconds until all were sent) after the worker
    was killed.
    """
    settings = {"MAIL_LEASE_SECONDS": str(LEASE)}
    with fault_site(place, "worker", "clock", without=without, **settings) as here:
        here.office.data_answers.extend(["250 OK"] * 20 + ["slow"])
        here.post(EMAILS)
        assert here.office.holding.wait(240), here.site.logs()
        kill(here, who)
        time.sleep(0.3)
        here.office.speak()
        if who != "child" and "supervisor" not in without:
            here.start("worker")
        seconds = here.wait(here.all_sent, 15 if without else 240)
        time.sleep(1)
        emails = here.office.emails
        people = {email["To"] for email in emails}
        assert len({email["Message-ID"] for email in emails}) == len(people), (
            "an address got two Message-IDs"
        )
        return EMAILS - len(people), len(emails) - len(people), seconds, here.states()


@pytest.mark.parametrize(
    ("who", "without"), [("parent", "supervisor"), ("child", "sweep"), ("both", "sweep")]
)
def test_every_email_is_sent_after_a_worker_is_killed(row, folder, who, without):
    row.fault = f"worker killed (-9): {who}"
    row.expected = (
        "every email goes out, at the latest after the lease; twice only what was being handed over"
    )
    row.made = (
        f"SIGKILL by process id while {EMAILS} emails are on their way, one during SMTP; lease "
        f"{LEASE} s (usually 120)"
    )
    lost, twice, seconds, _states = deaths(folder / "with", who)
    row.figure = f"lost {lost}, twice {twice}, all out after {seconds or float('inf'):.1f} s"
    missing, _twice, _seconds, states = deaths(folder / "without", who, without)
    row.control = (
        f"without the {without}: {states.get('sending', 0) + states.get('queued', 0)} never sent "
        "or never settled"
    )

    assert (lost, seconds is not None) == (0, True)
    assert twice <= 1
    assert set(states) - {"sent"}, "the control must leave something behind"
