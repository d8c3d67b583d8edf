"""Sites, a Chromium, and people who each have a browser of their own.

What failed is kept in build/failures.
"""

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from scripts import services
from tests import parts

from . import servers, steps
from .people import Person, act_after_loading
from .servers import Site

FAILURES = servers.ROOT / "build" / "failures"
QUIET = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
#: Playwright's own list, which ours replaces; the last draws a page beneath the address bar, for a
#: second of work a person.
LEFT_OUT = [
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "MediaRouter",
]
LEFT_OUT += [
    "PaintHolding",
    "OptimizationHints",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxPopup",
]
LONGEST = 30_000  # ms that anything may take on a busy machine; mostly it takes a few
_reports = pytest.StashKey[dict[str, pytest.TestReport]]()

expect.set_options(timeout=LONGEST)


MAIN = "test_main_journey.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each journey is made once, on the small site with scripts; the main one large with them and
    small without.

    Made in every other way they are deep. So are, by their own mark, those whose ground others have
    trodden: what they add is a form or two that the tests of pages send as well. One for each area
    of the site is left to every run.
    """
    for item in items:
        chosen = getattr(getattr(item, "callspec", None), "params", {})
        is_large, without = chosen.get("site") == "large", chosen.get("javascript") is False
        is_extra = is_large == without if item.path.name == MAIN else is_large or without
        if is_extra:
            item.add_marker("deep")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Fixtures may know how their test ended."""
    report = yield
    item.stash.setdefault(_reports, {})[report.when] = report
    return report


def has_failed(request: pytest.FixtureRequest) -> bool:
    """Whether the test of this fixture has failed so far."""
    return any(report.failed for report in request.node.stash.get(_reports, {}).values())


@pytest.fixture(scope="session", autouse=True)
def heed_terminate() -> None:
    """A `kill` ends the tests as Ctrl-C does: the servers are stopped."""
    signal.signal(signal.SIGTERM, lambda number, frame: pytest.exit("terminated", 128 + number))


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """SQLite alone, in one process."""
    with servers.small(tmp_path_factory.mktemp("small")) as site:
        yield site


@pytest.fixture(scope="session")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """PostgreSQL, Redis, worker, clock, gunicorn and SMTP."""
    folder = tmp_path_factory.mktemp("large")
    with servers.large(folder, parts.redis_url(parts.SITE)) as site:
        yield site


@pytest.fixture(scope="session")
def secure_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """https, configured as for production."""
    with servers.secure(tmp_path_factory.mktemp("secure")) as site:
        yield site


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of the `site` is for both sizes, unless it is marked `small`."""
    if "site" in metafunc.fixturenames:
        is_small = metafunc.definition.get_closest_marker("small") is not None
        metafunc.parametrize("site", ["small"] if is_small else ["small", "large"], indirect=True)


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Any:
    """The site in the size of this test."""
    return request.getfixturevalue(f"{request.param}_site")


@pytest.fixture
def group_of(people: Any) -> Callable[..., tuple[Person, Person, str]]:
    """`group_of(site, javascript, "Allotments")` is Ana, who owns a group, Ben, who belongs to it,
    and the group's path.
    """

    def made(
        site: Site, javascript: bool = True, name: str = "Allotments"
    ) -> tuple[Person, Person, str]:
        ana, ben = (
            people(site, name, javascript=javascript) for name in ("Ana Souza", "Ben Okafor")
        )
        for person in (ana, ben):
            steps.become_a_member_of_the_site(person)
        group = steps.make_group(ana, f"{name} of {ana.handle}")
        steps.join(ben, group)
        return ana, ben, group

    return made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that CHROMIUM names, else the lightest that is here, else Playwright's own."""
    args = [*QUIET, f"--disable-features={','.join(LEFT_OUT)}"] + (
        ["--no-sandbox"] if os.geteuid() == 0 else []
    )
    act_after_loading()
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=services.chromium(), args=args)
        except Error as error:
            pytest.fail(f"`make test` installs Chromium, which is missing. {error}", pytrace=False)
        yield browser
        browser.close()


@pytest.fixture
def people(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Callable[..., Person]]:
    """`people(site, "Ana Souza")` is someone with a browser of their own; `javascript=False`
    for one without scripts.
    """
    met: list[Person] = []

    def meet(site: Site, name: str, **options: Any) -> Person:
        met.append(Person.met(chromium, site, name, **options))
        return met[-1]

    yield meet
    if has_failed(request):
        keep(request.node, met)
    for person in met:
        person.context.close()


def keep(test: pytest.Item, people: list[Person]) -> None:
    """What everyone saw, and what the site said, lie in build/failures; the end of it is shown
    with the failure.
    """
    folder = FAILURES / re.sub(r"\W+", "-", test.name).strip("-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for person in people:
        for number, page in enumerate(person.context.pages):
            show(page, folder / f"{person.handle}-{number}")
        (folder / f"{person.handle}.txt").write_text("\n".join(person.complaints))
    for site in {id(person.site): person.site for person in people}.values():
        (folder / "site.log").write_text(site.logs(most=100_000))
        test.add_report_section("teardown", "site", site.logs())


def show(page: Any, path: Path) -> None:
    """A picture and the HTML of a page."""
    page.screenshot(path=f"{path}.png", timeout=5000)
    path.with_suffix(".html").write_text(f"<!-- {page.url} -->\n{page.content()}")
