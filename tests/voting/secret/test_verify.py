"""verify.py: valid files pass, and each tampering is reported by the checks made for it."""

import os
import pty
import subprocess
import sys

import pytest

from tests.voting.kinds import SAMPLES
from webapp.voting.secret import checks, keys
from webapp.voting.tally.rules import KINDS

from .making import Folder, closed, failed, key_of, named, packed, ran
from .tampering import TAMPERINGS, UNSEEN

pytestmark = pytest.mark.any_database

ALL = list(checks.CHECKS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_vote_of_every_kind_verifies(kind, tmp_path, verify):
    made = closed(kind)
    folder = Folder(tmp_path, packed(made))

    said = verify(
        folder.path,
        "--head",
        made.head,
        "--seen",
        made.opened,
        "--key",
        typed=keys.spelled(made.keys[2]),
    )

    assert named(said.lines) == dict.fromkeys(ALL, "ok")
    assert (said.status, said.lines[-1]) == (0, "All that was asked holds.")


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_result_is_detected_for_every_kind(kind, tmp_path, verify):
    folder = Folder(tmp_path, packed(closed(kind)))
    folder.said["result"]["blank"] += 1
    folder.save()

    said = verify(folder.path)

    assert (said.status, failed(said.lines)) == (1, {"recount"})


def test_checks_not_requested_are_reported_as_open(verify, folder, made):
    said = verify(folder.path)

    assert (said.status, failed(said.lines)) == (0, set())
    assert {name for name, sign in named(said.lines).items() if sign == "-"} == {"head", "key"}
    assert made.head in "".join(said.lines)


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_tampering_is_reported_by_its_checks(name, verify, folder, made):
    tampering = TAMPERINGS[name]
    tampering.done(folder)
    folder.save()
    words = tampering.brings(made) + (("--key",) if tampering.key is not None else ())
    typed = "" if tampering.key is None else key_of(tampering.key + 1)

    said = verify(folder.path, *words, typed=typed)

    assert (said.status, failed(said.lines)) == (1, tampering.caught_by)


@pytest.mark.parametrize("name", TAMPERINGS)
def test_without_these_checks_the_tampering_passes(
    name, verify, folder, made, program, monkeypatch
):
    tampering = TAMPERINGS[name]
    tampering.done(folder)
    folder.save()
    left = {
        line: check for line, check in program.CHECKS.items() if line not in tampering.caught_by
    }
    monkeypatch.setattr(program, "CHECKS", left)
    words = tampering.brings(made) + (("--key",) if tampering.key is not None else ())
    typed = "" if tampering.key is None else key_of(tampering.key + 1)

    assert verify(folder.path, *words, typed=typed).status == 0


def test_each_check_is_the_only_one_to_detect_some_tampering():
    alone = set().union(*(one.caught_by for one in TAMPERINGS.values() if len(one.caught_by) == 1))

    assert alone == set(ALL)


@pytest.mark.parametrize("name", UNSEEN)
def test_without_a_saved_hash_a_rebuilt_bundle_is_not_detected(name, verify, folder):
    TAMPERINGS[name].done(folder)
    folder.save()

    assert verify(folder.path).status == 0


def test_a_mistyped_key_is_reported_as_such(verify, folder, made):
    said = verify(folder.path, "--key", typed=made.keys[0][:-1] + "0")

    assert failed(said.lines) == {"key"}
    assert "wrong character" in said.lines[-2]


def test_a_key_is_accepted_as_written_on_paper(verify, folder, made):
    said = verify(
        folder.path,
        "--key",
        typed=keys.spelled(made.keys[0]).lower().replace("0", "O").replace(" ", "-") + "\r",
    )

    assert (said.status, said.lines[-2]) == (
        0,
        "ok   key: your ballot says 1:5 3:2 (1 Ada, 3 Пляж), and its commitment was made with your "
        "key",
    )


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("single", "3 (3 Пляж)"),
        ("approval", "1+3 (1 Ada, 3 Пляж)"),
        ("stv", "3>1 (3 Пляж, 1 Ada)"),
        ("schulze", "3>1=2 (3 Пляж, 1 Ada, 2 Bén)"),
        ("date", "1:y 2:m (1 Ada, 2 Bén)"),
        ("proposal", "agree"),
    ],
)
def test_the_line_of_a_key_names_the_options(kind, says, verify, tmp_path):
    choice = says.split(" (")[0]
    made = ran(SAMPLES[kind].rules, [choice] * 5)
    said = verify(Folder(tmp_path, packed(made)).path, "--key", typed=made.keys[0])

    assert f"your ballot says {says}, and its commitment" in said.lines[-2]


def test_a_blank_ballot_is_reported_as_blank(verify, folder, made):
    assert "nothing: it is blank" in verify(folder.path, "--key", typed=made.keys[-1]).lines[-2]


def test_a_hash_is_accepted_as_copied(verify, folder, made):
    assert (
        verify(folder.path, "--head", f" {made.head.upper()[:32]} {made.head[32:]}\n").status == 0
    )


def alone(folder, *words, typed=""):
    """Run verify.py in its own process, as people do."""
    run = [sys.executable, "-I", "verify.py", *words]
    return subprocess.run(
        run, cwd=folder.path, input=typed, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_verifier_runs_alone_in_the_unpacked_folder(folder, made):
    found = alone(folder, "--head", made.head, "--key", typed=made.keys[0] + "\n")

    assert (found.returncode, found.stderr) == (0, "")
    assert named(found.stdout.splitlines()) == dict.fromkeys(ALL, "ok")


@pytest.mark.parametrize("isolated", [True, False], ids=["as it is told", "control"])
def test_other_files_in_the_folder_are_not_imported(isolated, folder):
    (folder.path / "hashlib.py").write_text("raise SystemExit('All that was asked holds.')")
    run = [sys.executable, *(["-I"] if isolated else []), "verify.py"]

    found = subprocess.run(
        run, cwd=folder.path, capture_output=True, text=True, timeout=60, check=False
    )

    assert ("ok   root" in found.stdout) is isolated


def test_the_verifier_fails_alone_and_says_what_is_wrong(folder):
    TAMPERINGS["flip a choice"].done(folder)
    folder.save()

    found = alone(folder)

    assert (found.returncode, found.stderr) == (1, "")
    assert failed(found.stdout.splitlines()) == {"root", "recount"}


def test_a_typed_key_is_not_echoed(folder, made):
    """At a terminal, nothing of what is typed appears."""
    terminal, its = pty.openpty()
    run = [sys.executable, "-I", "verify.py", "--key"]
    with subprocess.Popen(
        run,
        cwd=folder.path,
        stdin=its,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        said = b""
        while not said.endswith(b"Your key: "):  # from here on it doesn't echo
            letter = process.stderr.read(1)
            assert letter, said
            said += letter
        os.write(terminal, made.keys[0].encode() + b"\n")
        out, _rest = process.communicate(timeout=60)
    os.set_blocking(terminal, False)
    try:
        shown = os.read(terminal, 1000)
    except BlockingIOError:
        shown = b""
    os.close(terminal)
    os.close(its)

    assert process.returncode == 0
    assert b"ok   key: your ballot says 1:5 3:2" in out
    assert made.keys[0].encode() not in out + said + shown


def test_a_key_is_not_accepted_as_an_argument(folder, made):
    found = alone(folder, "--key", made.keys[0])

    assert found.returncode == 1
    assert found.stdout.startswith("FAIL manifest.json")
