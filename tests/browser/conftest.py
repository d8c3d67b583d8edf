"""Sites, a Chromium, and people who each have their own browser.

Pages and logs of failed tests are stored in build/failures.
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
#: Playwright's own list of disabled features, which ours replaces. Disabling PaintHolding saves a
#: second of work per person.
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
LONGEST = 30_000  # ms that anything may take on a busy machine; usually it takes a few
_reports = pytest.StashKey[dict[str, pytest.TestReport]]()

expect.set_options(timeout=LONGEST)


MAIN = "test_main_journey.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run each journey once, on the small site with scripts; the main one on the large site with
    scripts and on the small one without.

    All other variants are deep. Some journeys are marked as deep because others cover the same
    ground, except for a form or two that page tests send as well. One for each area of the site
    stays in every run.
    """
    for item in items:
        chosen = getattr(getattr(item, "callspec", None), "params", {})
        is_large, without = chosen.get("site") == "large", chosen.get("javascript") is False
        is_extra = is_large == without if item.path.name == MAIN else is_large or without
        if is_extra:
            item.add_marker("deep")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Tell fixtures how their test ended."""
    report = yield
    item.stash.setdefault(_reports, {})[report.when] = report
    return report


def has_failed(request: pytest.FixtureRequest) -> bool:
    """Whether the test of this fixture has failed so far."""
    return any(report.failed for report in request.node.stash.get(_reports, {}).values())


@pytest.fixture(scope="session", autouse=True)
def heed_terminate() -> None:
    """Let SIGTERM end the tests like Ctrl-C, so that the servers are stopped."""
    signal.signal(signal.SIGTERM, lambda number, frame: pytest.exit("terminated", 128 + number))


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on SQLite, in one process."""
    with servers.small(tmp_path_factory.mktemp("small")) as site:
        yield site


@pytest.fixture(scope="session")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with PostgreSQL, Redis, worker, clock, gunicorn and SMTP."""
    folder = tmp_path_factory.mktemp("large")
    with servers.large(folder, parts.redis_url(parts.SITE)) as site:
        yield site


@pytest.fixture(scope="session")
def secure_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site behind https, configured as in production."""
    with servers.secure(tmp_path_factory.mktemp("secure")) as site:
        yield site


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that use `site` on both sizes, unless they are marked `small`."""
    if "site" in metafunc.fixturenames:
        is_small = metafunc.definition.get_closest_marker("small") is not None
        metafunc.parametrize("site", ["small"] if is_small else ["small", "large"], indirect=True)


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Any:
    """The site in this test's size."""
    return request.getfixturevalue(f"{request.param}_site")


@pytest.fixture
def group_of(people: Any) -> Callable[..., tuple[Person, Person, str]]:
    """A function: `group_of(site, javascript, "Allotments")` returns Ana, who owns a group, Ben,
    who is a member, and the group's path.
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
    """The browser in CHROMIUM, else the lightest one installed, else Playwright's own."""
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
    """A function: `people(site, "Ana Souza")` returns a person with their own browser, without
    scripts if `javascript=False`.
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
    """Store everyone's pages and the site's logs in build/failures; show the end of the logs with
    the failure.
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
    """Store a picture and the HTML of a page."""
    page.screenshot(path=f"{path}.png", timeout=5000)
    path.with_suffix(".html").write_text(f"<!-- {page.url} -->\n{page.content()}")
