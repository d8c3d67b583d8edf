"""The pages that most people use most, by who looks at them."""

from ..entry_pages import CLEAN_UP, RIDE

EVENT = CLEAN_UP.removesuffix("/manage")
GROUP = "/groups/whanganui-river-carers"
#: An open vote of dots, one of stars or points, and one on dates.
VOTES = [
    "/votes/what-do-we-put-our-saturdays-into-this-summer",
    "/votes/what-should-the-new-sign-at-the-landing-show",
    "/votes/when-do-we-meet-to-plan-the-summer",
]
NEW_VOTE = f"/votes/new?group={GROUP.rpartition('/')[2]}"
PAGES = {
    "visitor": ["/", "/events", "/sign-up", RIDE, f"{RIDE}/guest"],
    "member": ["/", "/votes", "/inbox", EVENT, GROUP, f"{GROUP}/conversation", *VOTES]
    + ["/account/settings", "/account/notifications", "/account/profile"],
    "organizer": ["/events/new", NEW_VOTE]
    + [f"{GROUP}/manage", f"{EVENT}/manage/attendees", f"{EVENT}/manage/tasks"],
    "admin": ["/admin", "/admin/people"],
}


def visited(visit_as, pages=PAGES, **options):
    """Each of the pages in turn, as someone of its role sees it: (path, page)."""
    for role, paths in pages.items():
        person = visit_as(role, **options)
        for path in paths:
            person.visit(path)
            yield path, person.page
        person.context.close()


def opened(visit_as, role, path, **options):
    """The page at this path, as someone of this role sees it."""
    person = visit_as(role, **options)
    person.visit(path)
    return person.page
