"""A small site with the demo's community for each worker, and the people who visit its pages."""

import shutil

import pytest

from tests.ops.sites import demo_on
from webapp import create_app

from .. import demo, entry_pages, servers, steps
from .reach import Reach


@pytest.fixture(scope="session")
def community(tmp_path_factory):
    """The demo's people, groups, events and votes on a small site that requires approval of new
    accounts.
    """
    made, instance = demo_on("sqlite"), tmp_path_factory.mktemp("like") / "instance"
    shutil.copytree(made.files, instance / made.files.name)
    shutil.copy(made.url.removeprefix("sqlite:///"), instance / "folkmoot.db")
    folder = tmp_path_factory.mktemp("demo")
    with servers.small(folder, like=instance, SIGN_UP="approval") as site:
        yield demo.parsed(site, made.said)


@pytest.fixture(scope="session")
def urls(tmp_path_factory):
    """The map of all routes."""
    return create_app(
        INSTANCE=str(tmp_path_factory.mktemp("urls")), REDIS_URL="", MAIL_SERVER=""
    ).url_map


@pytest.fixture(scope="session")
def reached(shared):
    """What the crawls of all roles found, stored in a folder shared by all workers."""
    return Reach(shared / "reached")


@pytest.fixture(scope="session")
def signed_in():
    """The cookies of each role that has signed in, because the sixth sign-in within a minute is
    refused.
    """
    return {}


@pytest.fixture
def visit_as(people, community, signed_in):
    """A function that returns a person of this role at the demo's site, signed in unless they are a
    visitor.
    """

    def enter(role, **options):
        handle = community.handles.get(role, "")
        person = people(
            community.site, role.title(), handle=handle, reduced_motion="reduce", **options
        )
        if role in signed_in:
            person.context.add_cookies(signed_in[role])
        elif handle:
            steps.sign_in(person, password=community.password)
            signed_in[role] = person.context.cookies()
        return person

    return enter


@pytest.fixture
def first(people, community, visit_as):
    """A function that returns the first paths of a role, after creating what emails and earlier
    actions lead to.
    """

    def prepare(role, person):
        newcomer = people(community.site, "Nadia Haddad")
        if role == "visitor":
            waiting = people(community.site, "Amal Said")
            return entry_pages.FIRST[role] + entry_pages.for_visitors(
                person, newcomer, waiting, visit_as("organizer"), community
            )
        if role == "organizer":
            return entry_pages.FIRST[role] + entry_pages.for_organizers(person)
        if role == "admin":
            entry_pages.wait_to_be_let_in(newcomer)
            return entry_pages.FIRST[role] + entry_pages.for_admins(person, community)
        return entry_pages.FIRST[role]

    return prepare
