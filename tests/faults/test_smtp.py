"""The SMTP server is down, refuses temporarily or for good, hangs, or loses an acknowledgement."""

import time

import pytest

from webapp.mail.leases import MOST_ATTEMPTS

from .fault_site import end, fault_site

pytestmark = pytest.mark.faults

EMAILS, BAD = 30, 6
HOW = {
    "down": "nobody listens on its port; started again afterwards",
    "451": f'"451 later" to {BAD} of {EMAILS} emails',
    "550": f'"550 unknown" to {BAD} of {EMAILS} recipients',
    "hanging": f"{BAD} of {EMAILS} emails are never answered; MAIL_TIMEOUT 2 s (usually 15)",
    "acknowledgement lost": f"{BAD} of {EMAILS} emails are taken and then answered with 451",
}
EXPECTED = {
    "down": "back-off, then all go out",
    "451": "back-off, then all go out",
    "550": "on the dead list at once, others go out; tried again on request",
    "hanging": "the others go on; back-off, then all go out",
    "acknowledgement lost": "at least once, with the same Message-ID",
}


def misbehave(here, how):
    """Set the next answers of the server."""
    bad = {"451": "451 later", "hanging": "silence", "acknowledgement lost": "lost"}.get(how)
    if bad:
        here.office.data_answers.extend(["250 OK", bad] * BAD)
    elif how == "550":
        here.office.rcpt_answers.extend(["250 OK", "550 unknown"] * BAD)


def first_round(here, how):
    """Wait until every email has been tried once; return their states, and the seconds that it
    took.
    """
    began = time.monotonic()
    here.wait(lambda: all(row[3] >= 1 and row[2] not in ("sending",) for row in here.emails()), 240)
    return here.states(), time.monotonic() - began


def second_round(here, how):
    """Let the minute of the back-off pass (in the database, but really for 451), and retry
    undeliverable emails.
    """
    if how == "550":
        here.site.flask("--app", "tests.faults.site", "dead-letters", "--retry-all")
    elif how != "451":
        here.make_due()
    here.wait(here.all_sent, 240)


def stop(here):
    """Kill the worker with its child, which would try the old address again; a supervisor restarts
    it.
    """
    horses = here.horses()
    here.running["worker"].kill()
    end(horses)


def delivered(place, how, without=""):
    """Return (states after the first attempt, its seconds, distinct people, emails, Message-IDs,
    states at the end).
    """
    settings = {"MAIL_TIMEOUT": "2", "MAIL_LEASE_SECONDS": "20"}
    if how == "down":
        settings["MAIL_PORT"] = "9"
    with fault_site(place, "worker", "clock", without=without, **settings) as here:
        misbehave(here, how)
        here.post(EMAILS)
        states, seconds = first_round(here, how)
        here.office.speak()
        if how == "down":
            here.site.settings["MAIL_PORT"] = str(here.office.port)
            stop(here)  # settings with a new port need a restart
        second_round(here, how)
        emails = here.office.emails
        return (
            states,
            seconds,
            {m["To"] for m in emails},
            len(emails),
            len({m["Message-ID"] for m in emails}),
            here.states(),
        )


@pytest.mark.parametrize("how", HOW)
def test_emails_survive_smtp_faults(row, folder, how):
    row.fault, row.expected, row.made = f"SMTP {how}", EXPECTED[how], HOW[how]
    states, seconds, people, emails, ids, at_the_end = delivered(folder / "with", how)
    row.figure = (
        f"first {in_words(states)} in {seconds:.0f} s; at the end lost {EMAILS - len(people)}, "
    )
    row.figure += f"twice {emails - len(people)}, Message-IDs {ids}, {in_words(at_the_end)}"
    without = "retries" if how != "550" else "dead-list"
    *_, control_people, control_emails, _ids, _states = delivered(folder / "without", how, without)
    row.control = (
        f"without the {'outbox trying again' if how != '550' else 'dead list'}: lost "
        f"{EMAILS - len(control_people)}, "
    )
    row.control += f"twice {control_emails - len(control_people)}"

    assert (len(people), ids) == (EMAILS, EMAILS)
    assert at_the_end == {"sent": EMAILS}
    assert emails - EMAILS == (BAD if how == "acknowledgement lost" else 0)
    assert states.get("dead", 0) == (BAD if how == "550" else 0)
    if how == "acknowledgement lost":
        assert control_emails == EMAILS, (
            "without trying again nothing comes twice, and a mail that was not taken is lost"
        )
    else:
        assert len(control_people) < EMAILS


def poisoned(place, without=""):
    """Return (states of poisonous emails, states of others, the others' longest delay, attempts,
    failed jobs listed).
    """
    settings = {"MAIL_LEASE_SECONDS": "1", "SWEEP": "2"}
    with fault_site(place, "worker", "clock", without=without, **settings) as here:
        here.post(2, who="poison", poison="yes")
        here.app.extensions["queue"].put("faults.poison", (), "faults-poison", remembered=True)
        began = time.monotonic()
        poison = lambda: [row for row in here.emails() if row[1].startswith("poison")]  # noqa: E731
        number = 0
        while time.monotonic() - began < 240 and not all(
            row[2] == "dead" or row[3] > MOST_ATTEMPTS for row in poison()
        ):
            here.post(1, who=f"other{number}-")
            number += 1
            here.tend()
            time.sleep(1)
        here.wait(
            lambda: all(
                row[2] in ("sent", "dead") for row in here.emails() if row[1].startswith("other")
            ),
            60,
        )
        others = [row for row in here.emails() if row[1].startswith("other")]
        delay = max((row[5] - row[4]).total_seconds() for row in others if row[5])
        listed = here.site.flask("--app", "tests.faults.site", "dead-letters")
        failed = here.redis_cli("ZRANGE", "rq:failed:default", "0", "-1")
        seconds = time.monotonic() - began
        return poison(), others, delay, listed, "faults-poison" in failed, seconds


def test_a_poison_job_is_given_up_and_others_continue(row, folder):
    row.fault = "poison job"
    row.expected = (
        f"an email that kills its worker is dead after {MOST_ATTEMPTS} tries and listed, a job "
        "after 3; others go on"
    )
    row.made = (
        "os._exit in two emails and a job, in the worker's child; others come every second; "
        "sweep 2 s, lease 1 s"
    )
    poison, others, delay, listed, failed, seconds = poisoned(folder / "with")
    row.figure = (
        f"dead after {poison[0][3]} tries in {seconds:.0f} s; {len(others)} others: longest delay "
        f"{delay:.1f} s"
    )
    row.figure += f", {sum(o[2] != 'sent' for o in others)} not sent"
    control, *_ = poisoned(folder / "without", "attempts")
    row.control = f"without a most of attempts: {control[0][2]} after {control[0][3]} tries"

    assert [(email[2], email[3], email[6]) for email in poison] == [
        ("dead", MOST_ATTEMPTS, "Abandoned")
    ] * 2
    assert listed.count("Abandoned") == 2
    assert failed
    assert {email[2] for email in others} == {"sent"}
    assert delay < 60
    assert {email[2] for email in control} != {"dead"}


def in_words(states):
    return ", ".join(f"{number} {state}" for state, number in states.items())
