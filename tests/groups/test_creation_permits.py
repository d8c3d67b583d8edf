"""Who can create groups, depending on the site's setting."""

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.groups import permissions

pytestmark = pytest.mark.any_database


@pytest.fixture
def command(app):
    return app.test_cli_runner()


@pytest.mark.parametrize(
    ("policy", "may"),
    [
        ("everyone", (True, True, True)),
        ("approved", (False, True, True)),
        ("admins", (False, False, True)),
    ],
)
def test_the_setting_decides_who_can_create_groups(ana, ben, dia, policy, may):
    ben.may_create_groups = True

    assert tuple(permissions.may_create(person, policy) for person in (ana, ben, dia)) == may


def test_a_command_permits_someone_to_create_groups(command, browser, app, ana, dia, monkeypatch):
    monkeypatch.setitem(app.config, "GROUP_CREATION", "approved")
    page = browser(ana)
    page.get("/groups")
    assert "How to start a group" in page.text
    answer = page.get("/groups/new")
    assert answer.status_code == 403
    assert "admins choose who can start groups" in page.text
    assert "Dia Rao" in page.text
    assert page.post("/groups", {"name": "Lake"}).status_code == 403
    db.session.rollback()

    said = command.invoke(args=["allow-groups", "ana-souza"])
    assert "Ana Souza can start groups now." in said.output
    assert page.get("/groups/new").status_code == 200
    command.invoke(args=["allow-groups", "@ana-souza", "--no"])
    assert page.get("/groups/new").status_code == 403


def test_the_command_reports_an_unknown_handle(command, context):
    factories.user("Ana")
    said = command.invoke(args=["allow-groups", "nobody-here"])

    assert said.exit_code == 1
    assert "No one has the handle nobody-here." in said.output
