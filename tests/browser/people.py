"""A person at a browser: their name, their address, and the errors in their browser."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from webapp.core.text.strings import slugify

from .servers import Site

_numbers = count(1)
PASSWORD = "correct Horse 7 battery"


@dataclass
class Person:
    """A person with a browser, a name and an email address of their own."""

    site: Site
    name: str
    context: BrowserContext
    page: Page
    javascript: bool
    handle: str
    email: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def met(
        cls,
        chromium: Browser,
        site: Site,
        name: str,
        javascript: bool = True,
        handle: str = "",
        **options: Any,
    ) -> "Person":
        """Return a new person with a new browser; `handle` is for someone with an existing
        account.
        """
        settings = {
            "locale": "en-GB",
            "timezone_id": "Europe/Lisbon",
            "ignore_https_errors": True,
        } | options
        context = chromium.new_context(
            java_script_enabled=javascript, base_url=site.url, **settings
        )
        context.set_default_timeout(30_000)
        handle = handle or f"{slugify(name)}-{next(_numbers)}"
        person = cls(
            site, name, context, context.new_page(), javascript, handle, f"{handle}@example.org"
        )
        context.on(
            "console",
            lambda said: (
                said.type == "error" and person.complaints.append(f"{said.text} at {said.location}")
            ),
        )
        context.on(
            "request",
            lambda asked: (
                elsewhere(asked.url, site) and person.complaints.append(f"asked for {asked.url}")
            ),
        )
        context.on("weberror", lambda problem: person.complaints.append(f"{problem.error}"))
        return person

    @property
    def first_name(self) -> str:
        """Return the first name."""
        return self.name.split()[0]

    @property
    def last_name(self) -> str:
        """Return the rest of the name."""
        return self.name.partition(" ")[2]

    def in_another_tab(self) -> "Person":
        """Return the same person with a new tab of their browser."""
        return replace(self, page=self.context.new_page())

    def visit(self, path: str) -> None:
        """Open this path and wait until its scripts run."""
        self.page.goto(path)


def elsewhere(url: str, site: Site) -> bool:
    """Whether the URL is on another host. No page may load anything from there, which would reveal
    who reads it.
    """
    asked = urlsplit(url)
    return (
        asked.scheme in {"http", "https", "ws", "wss"} and asked.netloc != urlsplit(site.url).netloc
    )


ACTS = ["check", "click", "drag_to", "fill", "hover", "press", "select_option", "uncheck"]
ACTS += ["set_input_files"]


def act_after_loading() -> None:
    """Make all actions wait until the page has loaded with its scripts.

    Playwright waits only until the element exists, and its event listeners may be added later.
    """
    for name in ACTS:
        setattr(Locator, name, after_loading(getattr(Locator, name)))
    keyboard = Page.keyboard
    Page.keyboard = property(  # type: ignore[assignment, method-assign]
        lambda page: page.wait_for_load_state() or keyboard.__get__(page)
    )


def after_loading(act: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same action, done once the element's page has loaded."""

    @wraps(act)
    def waiting(locator: Locator, *words: Any, **options: Any) -> Any:
        locator.wait_for(state="attached")
        locator.page.wait_for_load_state()
        return act(locator, *words, **options)

    return waiting
