"""A restore that is killed at any of its steps: the site is as before or whole, and the next
restore works at once.
"""

import os
import signal

import pytest

from tests.ops.sites import command, digests
from webapp.core.extensions import db
from webapp.core.storage import files
from webapp.ops.backup import restoring, rows
from webapp.ops.doctor import services

#: Where the process is killed: at which call of what, and whether the rows are restored by then.
STEPS = [
    (files.shutil, "copyfileobj", 1, False),
    (restoring, "clear", 1, False),
    (rows, "write", 2, False),
    (restoring, "after_restore", 1, False),
    (files.os, "rename", 1, True),
    (files.os, "rename", 2, True),
]


def killed(site, archive, owner, name, call):
    """Restore in another process, which kills itself at this call; return the signal that ended
    it.
    """
    child = os.fork()
    if not child:
        kept, calls = getattr(owner, name), []

        def act(*args, **more):
            calls.append(args)
            if len(calls) == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return kept(*args, **more)

        try:
            setattr(owner, name, act)
            command(site, "restore", "--replace", archive)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status)


@pytest.fixture
def site(new_site, migrated):
    """An empty site with one file."""
    app = new_site(like=migrated)
    app.extensions["files"].path.mkdir()
    (app.extensions["files"].path / "mine").write_text("mine")
    return app


def closed(site):
    """Close the database connections, so that a process that forks shares none."""
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.long(9)
def test_after_a_kill_at_any_step_the_next_restore_works(site, archive):
    before = digests(site)["user"]["rows"]
    for owner, name, call, is_restored in STEPS:
        closed(site)
        assert killed(site, archive, owner, name, call) == signal.SIGKILL, (name, call)

        assert (digests(site)["user"]["rows"] != before) == is_restored, (name, call)
        with site.app_context():
            [found] = services.files_reachable()
        assert "restore the same backup again" in found.remedy, (name, call)

    done = command(site, "restore", "--replace", archive)
    assert done.exit_code == 0, done.output
    assert "mine" not in site.extensions["files"].names()
    assert sorted(path.name for path in site.config["INSTANCE"].glob("files*")) == ["files"]
    with site.app_context():
        [found] = services.files_reachable()
    assert not found.remedy
