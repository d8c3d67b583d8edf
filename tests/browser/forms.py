"""Submit forms of the site without a browser window, to prepare what a journey needs."""

from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from tests.browser_like import values_of

from .people import Person


def send(person: Person, path: str, button: str = "", **values: Any) -> str:
    """Submit the form on this page that has these fields, or this button; return the path of the
    response.
    """
    page = person.context.request.get(path)
    form = form_of(page.text(), button, set(values))
    fields = values_of(form) | pressed(form, button) | values
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": page.url}
    where = urljoin(page.url, str(form.get("action") or page.url))
    answer = person.context.request.post(where, data=urlencode(fields, doseq=True), headers=headers)
    assert answer.ok, f"{path}: {answer.status}\n{BeautifulSoup(answer.text(), 'html.parser').main}"
    return urlsplit(answer.url).path


def form_of(html: str, button: str, names: set[str]) -> Tag:
    """Return the first form with all of these fields and with this button."""
    for form in BeautifulSoup(html, "html.parser").select("main form[method=post]"):
        has = {
            str(control.get("name")) for control in form.find_all(["input", "textarea", "select"])
        }
        if names <= has and button in form.get_text(" "):
            return form
    raise AssertionError(f"no form with {names} and {button!r}")


def pressed(form: Tag, button: str) -> dict[str, str]:
    """Return the button's own name and value."""
    found = [
        one
        for one in form.find_all("button")
        if button and button in one.get_text() and one.get("name")
    ]
    return {str(one["name"]): str(one.get("value", "")) for one in found[:1]}
