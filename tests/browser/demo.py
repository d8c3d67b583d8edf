"""A site with the demo's community, and the sign-ins of its people."""

import re
from dataclasses import dataclass

from .servers import Site

_LINE = re.compile(
    r"^ +(?P<handle>[\w-]+) +(?P<role>a member|an organizer|the site's admin), (?P<name>.+)$",
    re.MULTILINE,
)
#: The domain of the demo's email addresses.
DOMAIN = "demo.example.org"
ROLES = {"a member": "member", "an organizer": "organizer", "the site's admin": "admin"}


@dataclass(frozen=True)
class Demo:
    """The handles by role, and the common password."""

    site: Site
    handles: dict[str, str]
    password: str


def seeded(site: Site) -> Demo:
    """Add the demo's community to the site."""
    return parsed(site, site.flask("seed-demo"))


def parsed(site: Site, said: str) -> Demo:
    """Return the community from the output of the command that added it."""
    handles = {ROLES[found["role"]]: found["handle"] for found in _LINE.finditer(said)}
    password = re.search(r"password is: (.+)", said)
    assert password is not None
    assert set(handles) == set(ROLES.values()), said
    return Demo(site, handles, password[1].strip())
