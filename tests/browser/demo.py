"""A site with the demo's community, and its people's sign-ins."""

import re
from dataclasses import dataclass

from .servers import Site

_LINE = re.compile(
    r"^ +(?P<handle>[\w-]+) +(?P<role>a member|an organizer|the site's admin), (?P<name>.+)$",
    re.MULTILINE,
)
#: Of the addresses that the demo's people have.
DOMAIN = "demo.example.org"
ROLES = {"a member": "member", "an organizer": "organizer", "the site's admin": "admin"}


@dataclass(frozen=True)
class Demo:
    """The handles by role, and the one password."""

    site: Site
    handles: dict[str, str]
    password: str


def seeded(site: Site) -> Demo:
    """The site holds the demo's community."""
    return parsed(site, site.flask("seed-demo"))


def parsed(site: Site, said: str) -> Demo:
    """What the command said that brought the community to the site."""
    handles = {ROLES[found["role"]]: found["handle"] for found in _LINE.finditer(said)}
    password = re.search(r"password is: (.+)", said)
    assert password is not None
    assert set(handles) == set(ROLES.values()), said
    return Demo(site, handles, password[1].strip())
