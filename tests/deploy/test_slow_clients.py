"""Whoever sends slowly, or says nothing, keeps no thread for long: on a real gunicorn with few threads and a short patience."""

import socket
import time
from contextlib import ExitStack, contextmanager

import pytest

from tests.browser.servers import WEB, answers
from tests.sites import site

pytestmark = [pytest.mark.services, pytest.mark.any_database]

THREADS, SECONDS = 8, 2
HEAD = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@contextmanager
def served(folder, *options, seconds=SECONDS):
    """A site alone on SQLite, with eight threads."""
    with site(folder, web=False, REQUEST_SECONDS=str(seconds)) as made:
        made.run("web", *WEB, "--threads", str(THREADS), *options)
        made.wait_until_ready()
        yield made


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The site."""
    with served(tmp_path_factory.mktemp("short")) as found:
        yield found


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """The same, which waits for half a minute."""
    with served(tmp_path_factory.mktemp("long"), seconds=30) as found:
        yield found


@pytest.fixture(scope="module")
def unprotected(tmp_path_factory):
    """The same with gunicorn's own threads."""
    with served(tmp_path_factory.mktemp("control"), "--worker-class", "gthread") as found:
        yield found


@pytest.fixture
def stack():
    """What is hung up at the end."""
    with ExitStack() as found:
        yield found


def called(stack, made, words=""):
    """An open connection on which this was said."""
    port = int(made.url.rpartition(":")[2])
    line = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
    line.sendall(words.encode())
    return line


def heard(line):
    """All that the server says, until it closes."""
    said = b""
    while piece := line.recv(65536):
        said += piece
    return said


def seconds_until(line):
    """How long until the server has said all that it has to say."""
    began = time.monotonic()
    heard(line)
    return time.monotonic() - began


def is_quick(made):
    """Whether somebody else gets a page meanwhile."""
    return answers(f"{made.url}/health/ready")  # it waits two seconds


def test_a_body_that_does_not_come_in_time_is_answered_with_408_and_the_line_is_cut(made, stack):
    line = called(stack, made, HEAD + "Content-Length: 40\r\n\r\nname=")
    began = time.monotonic()
    said = heard(line)

    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"took too long" in said
    assert SECONDS * 0.8 < time.monotonic() - began < SECONDS + 4


@pytest.mark.deep
def test_a_byte_now_and_then_changes_nothing_of_it(made, stack):
    line = called(stack, made, HEAD + "Content-Length: 1000\r\n\r\n")
    line.settimeout(0.2)
    began, said = time.monotonic(), b""
    while time.monotonic() - began < SECONDS + 5 and not said:
        line.sendall(b"a")
        try:
            said = line.recv(20)
        except TimeoutError:
            continue

    assert said.startswith(b"HTTP/1.1 408 ")


def test_a_head_that_does_not_come_in_time_is_not_waited_for(made, stack):
    line = called(stack, made, "GET / HTTP/1.1\r\nHost:")

    assert seconds_until(line) < SECONDS + 4


def test_slow_ones_of_one_address_leave_threads_to_the_others(patient, stack):
    for _number in range(THREADS * 3):
        called(stack, patient, HEAD + "Content-Length: 40\r\n\r\nname=")

    assert is_quick(patient)


@pytest.mark.deep
def test_control_without_it_they_freeze_the_site(unprotected, stack):
    for _number in range(THREADS * 3):
        called(stack, unprotected, HEAD + "Content-Length: 40\r\n\r\nname=")
    time.sleep(0.3)

    assert not is_quick(unprotected)


def test_lines_on_which_nothing_is_said_take_no_thread(made, stack):
    for _number in range(THREADS * 5):
        called(stack, made)
    time.sleep(0.2)

    assert is_quick(made)


def test_who_does_not_hang_up_holds_up_nobody(made, stack):
    """gunicorn by itself waits two seconds for each, in the one thread that takes everybody's call."""
    for _number in range(THREADS * 3):
        called(stack, made, "GET /health HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")

    assert is_quick(made)


@pytest.mark.deep
def test_control_with_gunicorns_own_worker_they_do(unprotected, stack):
    for _number in range(THREADS * 3):
        called(stack, unprotected, "GET /health HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
    time.sleep(0.3)

    assert not is_quick(unprotected)


def test_a_form_that_is_sent_slowly_but_in_time_arrives(patient, stack):
    line = called(stack, patient, HEAD + "Connection: close\r\nContent-Length: 10\r\n\r\nname=")
    time.sleep(1)
    line.sendall(b"nobod")

    assert heard(line).startswith(b"HTTP/1.1 400 "), "it has no token, which is another matter"
