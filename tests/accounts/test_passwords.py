"""Which passwords are strong enough, and how they are stored."""

import threading
import time

import pytest

from tests.factories import PASSWORD
from webapp.accounts import credentials, passwords

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("real_hashes")]

OWN = ("Ana", "Souza", "ana-souza", "ana.souza@example.org")


def rules(password: str, inputs: tuple[str, ...] = OWN) -> list[str]:
    return [rule for rule, _sentence in passwords.problems(password, inputs)]


@pytest.mark.parametrize(
    "password",
    [
        "Vq7!xkPz",
        "meadow lantern 42 otters",
        "kettle verdant orbit plinth",
        PASSWORD,
        "Grüße-aus-dem-Öhrchen-9",
        "湖畔の小屋で静かに夜を過ごす猫たち",
        "x7#" * 4 + "otter plinth lamp " + "w" * 200,
    ],
)
def test_good_passwords_pass(context, password):
    assert rules(password) == []


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Vq7!xkP", "length"),
        ("", "length"),
        ("vq7!xkpz", "kinds"),
        ("VQ7!XKPZ", "kinds"),
        ("Vqz!xkPz", "kinds"),
        ("Vq7zxkPz", "kinds"),
        ("otter plinth", "kinds"),
        ("Vq7 xkPz", "kinds"),
        ("Vq7!xkPz" + "w" * 249, "most"),
        ("Password1!", "guessable"),
        ("P@ssw0rd2024!", "guessable"),
        ("Summer2025!", "guessable"),
        ("aaaaaaaaaaaaaaaa", "guessable"),
        ("1234567890123456", "guessable"),
        ("iloveyouiloveyou", "guessable"),
        ("correcthorsebatterystaple", "common"),
        ("Correct-Horse-Battery-Staple", "common"),
        ("To be, or not to be?", "common"),
    ],
)
def test_bad_passwords_are_refused_by_their_rule(context, password, rule):
    assert rule in rules(password)


@pytest.mark.parametrize(
    "password", ["AnaSouza1990!!", "Souza-2024!", "ana.souza@example.org", "Ana-Souza-Ana-Souza"]
)
def test_names_and_email_do_not_strengthen_a_password(context, password):
    assert rules(password)
    assert rules(password.replace("ouza", "qv8Zt!w"), ()) != rules(password)


def test_each_refusal_is_a_full_sentence(context):
    for _rule, sentence in passwords.problems("abc", OWN) + passwords.problems("Password1!", OWN):
        assert sentence.endswith(".")


def test_checking_a_password_of_letter_substitutes_is_fast(context):
    """Without the limit this took more than three seconds."""
    started = time.process_time()

    passwords.problems("4@8({[<369!|1/0$5+7%2" * 12, OWN)

    assert time.process_time() - started < 1.5


def test_passwords_match_in_every_unicode_form(context):
    kept = credentials.hash_password("caf\u00e9 lantern otters 9")

    assert credentials.matches("cafe\u0301 lantern otters 9", kept)
    assert not credentials.matches("cafe lantern otters 9", kept)


def test_long_passwords_are_not_truncated(context):
    long = "w" * 255
    kept = credentials.hash_password(long + "x")

    assert credentials.matches(long + "x", kept)
    assert not credentials.matches(long + "y", kept)


def test_the_argon2_parameters_are_as_documented(context):
    assert credentials.hash_password("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert credentials.DUMMY.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not credentials.is_outdated(credentials.hash_password("x"))


def test_no_password_matches_a_missing_hash(context):
    assert not credentials.matches("x", None)
    assert not credentials.matches("x", "")
    assert not credentials.matches("x", "rubbish")


def test_only_two_passwords_are_hashed_at_once(context, monkeypatch):
    running, most, gate = [0], [0], threading.Lock()

    class Slow:
        def hash(self, password):
            with gate:
                running[0] += 1
                most[0] = max(most[0], running[0])
            time.sleep(0.02)
            with gate:
                running[0] -= 1
            return "hash"

    monkeypatch.setattr(credentials, "_hasher", Slow())
    threads = [threading.Thread(target=credentials.hash_password, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most[0] == 2
