"""Pages that no page of the site links to: emails do, or something must have happened first.

This module makes it happen.
"""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from . import demo, steps
from .mailboxes import link_in
from .people import Person

#: An event that accepts guests.
RIDE = "/events/sunrise-ride-to-dunga-beach"
#: An event with rooms, an agenda and shifts, and with members of its group to invite.
CLEAN_UP = "/events/clean-up-at-the-upokongaro-bend/manage"
#: The feedback form of an event that has ended.
OVER = "/events/carrying-the-young-eels-past-the-dam/feedback"
#: An invitation to host an event, which a notification links to; and the full list of attendees.
EVENTS = [
    "/events/composting-in-a-small-kitchen/hosting",
    "/events/seed-swap-and-long-table-lunch/people",
]
#: A closed vote with reasons and comments.
SOWING = [
    f"/votes/when-do-we-sow-the-harakeke-seed/{page}"
    for page in ("ballots", "comments", "ballot-comments", "voters")
]
#: An open secret vote, and a counted one.
BOXES = [
    "/votes/who-speaks-for-the-river-at-the-council",
    "/votes/do-we-hold-a-karakia-before-each-work-day",
]
BOXES += [f"{BOXES[1]}/{page}" for page in ("key", "checkpoints")]
VOTES = [*SOWING, *BOXES]
#: The first pages of each role that aren't linked from others.
FIRST = {
    "visitor": [
        "/",
        "/sign-up/email-sent",
        "/password/forgotten/email-sent",
        "/verification/email-sent",
        "/dev/emails",
        "/no-such-page",
    ]
    + [f"{RIDE}/guest/email-sent", f"{RIDE}/guest/link/email-sent"],
    "member": [
        "/",
        "/account",
        "/groups/new",
        "/invitations",
        "/account/reauthentication",
        "/account/agreement",
        OVER,
        *EVENTS,
        *VOTES,
    ],
    "organizer": [
        "/",
        "/votes/new/date?group=whanganui-river-carers",
        "/votes/what-do-we-buy-with-the-council-s-grant",
        "/votes/when-do-we-meet-to-plan-the-summer",
        "/account/sign-ins/revocation",
        "/events/three-days-on-the-river-from-pipiriki-down/manage",
        "/events/three-days-on-the-river-from-pipiriki-down/removal",
        "/votes/when-do-we-go-down-the-river-next-year/removal",
        "/votes/when-do-we-sow-the-harakeke-seed/scheduling",
        "/votes/when-do-we-sow-the-harakeke-seed/outcome",
        "/votes/which-lock-for-the-boat-shed/people",
        *(
            f"{CLEAN_UP}/{page}"
            for page in ("agenda", "rooms", "speakers", "shifts", "invitations")
        ),
    ],
    "admin": ["/", "/account", "/admin", "/announcement", "/admin/queue/emails/removal"]
    + ["/admin/test-email", "/admin/test-email/none"],
}


def for_visitors(
    visitor: Person, newcomer: Person, waiting: Person, organizer: Person, community: demo.Demo
) -> list[str]:
    """Return the paths of links in emails.

    They confirm an email address, move an account to another address, reset a password,
    unsubscribe, invite into a group and to an event, and refuse further invitations. `newcomer` has
    just signed up; `waiting` has also confirmed, of which an admin was notified.
    """
    steps.sign_up(newcomer)
    wait_to_be_let_in(waiting)
    forgetful = f"{community.handles['member']}@{demo.DOMAIN}"
    visitor.visit("/password/forgotten")
    steps.fill(visitor, Email_address=forgetful)
    steps.press(visitor, "Send link")
    thanks = report_something(visitor)
    emails = [(newcomer.email, "/verification/"), (forgetful, "/password/reset/")]
    emails.append((f"{community.handles['admin']}@{demo.DOMAIN}", "/unsubscription/"))
    stranger = invited(
        organizer, "/groups/whanganui-river-carers/manage", "tess@elsewhere.example.org"
    )
    emails += [(stranger, link) for link in ("/invitations/", "/no-invitations/")]
    another = invited(organizer, CLEAN_UP, "tui@elsewhere.example.org")
    emails.append((another, "/event-invitations/"))
    asked = asked_as_a_guest(visitor)
    guest = goes_as_a_guest(visitor, emailed(visitor, asked, "/guests/"))
    chosen = f"{guest_page(visitor, CLEAN_UP.removesuffix('/manage'), 'mere-tupou')}/agenda"
    over = f"{guest_page(visitor, OVER.removesuffix('/feedback'), 'oskar-lind')}/feedback"
    links = [emailed(visitor, address, link) for address, link in emails]
    return [thanks, another_address(organizer), *links, guest, chosen, over]


def asked_as_a_guest(visitor: Person, address: str = "gil@elsewhere.example.org") -> str:
    """Request a link to answer as a guest; return the address to which it was sent."""
    visitor.visit(f"{RIDE}/guest")
    steps.fill(visitor, Your_name="Gil Moreau", Email_address=address)
    steps.press(visitor, "Email me the link")
    steps.expect_heading(visitor, "Check your inbox")
    return address


def goes_as_a_guest(visitor: Person, path: str) -> str:
    """Go to the event as a guest; return the path of the guest's page, which has a ticket."""
    visitor.visit(path)
    visitor.page.get_by_role("radiogroup", name="Your answer").get_by_text(
        "Going", exact=True
    ).click()
    visitor.page.locator("#rsvp-send").click()
    expect(visitor.page.get_by_role("link", name="Your ticket")).to_be_visible()
    return path


def guest_page(visitor: Person, event: str, name: str) -> str:
    """Answer this event as a guest by a new link; return the path of the guest's page."""
    address = f"{name}@{demo.DOMAIN}"
    before = len(visitor.site.mailbox.emails())
    visitor.visit(f"{event}/guest/link")
    steps.fill(visitor, Email_address=address)
    steps.press(visitor, "Email me a link")
    steps.expect_heading(visitor, "Check your inbox")
    return emailed(visitor, address, "/guests/", after=before)


def report_something(visitor: Person) -> str:
    """Report something; return the path of the page that follows."""
    visitor.visit(RIDE)
    visitor.page.get_by_role("link", name="Report event").click()
    visitor.page.get_by_role("radio", name="Spam").check()
    steps.press(visitor, "Send report")
    steps.expect_heading(visitor, "Thank you")
    return steps.path_of(visitor.page)


def warn_someone(organizer: Person) -> str:
    """Warn someone; return the path of the decision from the email to them."""
    organizer.visit("/groups/whanganui-river-carers/manage/reports")
    organizer.page.get_by_role("link", name="Noah Whittaker").click()
    organizer.page.get_by_role("radio", name="Warn").check()
    organizer.page.get_by_label("Rule broken").select_option("harassment")
    steps.fill(organizer, Your_reason="Whoever asks you to stop means it.")
    steps.press(organizer, "Save decision")
    return emailed(organizer, f"noah-whittaker@{demo.DOMAIN}", "/decisions/")


def invited(organizer: Person, manage: str, address: str) -> str:
    """Invite someone by email from these manage pages; return the address."""
    organizer.visit(f"{manage}/invitations/new")
    steps.fill(organizer, Email_addresses=address)
    steps.press(organizer, "Check the list")
    steps.press(organizer, "Send invitation")
    organizer.page.wait_for_url("**/invitations")
    return address


def emailed(person: Person, address: str, link: str, after: int = 0) -> str:
    """Return the path of the first matching link in the newest email to this address.

    `after`: skip this many earlier emails, whose links may have expired.
    """
    found = person.site.mailbox.await_email(address, containing=link, after=after)
    return urlsplit(link_in(found, link)).path


def for_organizers(organizer: Person) -> list[str]:
    """Return the paths of a deleted event, a decision, a link that confirms another email address,
    and the removal of a thread, after creating all of these.
    """
    organizer.visit("/events/three-days-on-the-river-from-pipiriki-down/manage")
    steps.press(organizer, "Copy")
    steps.expect_heading(organizer, "Edit event")
    organizer.visit(steps.path_of(organizer.page).replace("/edit", "/removal"))
    steps.press(organizer, "Delete event")
    organizer.page.wait_for_url("**/removal/done")
    deleted = steps.path_of(organizer.page)
    return [
        deleted,
        warn_someone(organizer),
        another_address(organizer),
        thread_removal(organizer),
    ]


def for_admins(admin: Person, community: demo.Demo) -> list[str]:
    """Publish an announcement; return the paths of a member and of the confirmation pages before
    acting on them.
    """
    admin.visit("/admin/announcement")
    steps.fill(admin, Message="On Saturday the site rests from two to four.")
    steps.press(admin, "Publish")
    admin.page.get_by_text("Announcement published.").wait_for()
    member, own = (f"/admin/people/{community.handles[role]}" for role in ("member", "admin"))
    return [
        member,
        f"{member}/sign-ins/revocation",
        f"{member}/admin",
        f"{own}/admin/removal",
        "/admin/announcement/removal",
    ]


def another_address(organizer: Person) -> str:
    """Ask to change the organizer's email address; return the path of the link that confirms it."""
    organizer.visit("/account/email")
    steps.fill(organizer, New_email_address="aroha@elsewhere.example.org")
    steps.press(organizer, "Send link")
    steps.expect_heading(organizer, "Security")
    return emailed(organizer, "aroha@elsewhere.example.org", "/email-change/")


def thread_removal(organizer: Person) -> str:
    """Start a thread without replies; return the path for deleting it."""
    organizer.visit("/groups/whanganui-river-carers/conversation/new")
    steps.fill(
        organizer,
        Title="Lost gloves",
        Text="Green ones, left at the landing.",
    )
    steps.press(organizer, "Post")
    steps.expect_heading(organizer, "Lost gloves")
    return f"{steps.path_of(organizer.page)}/removal"


def wait_to_be_let_in(newcomer: Person) -> None:
    """Sign up and confirm the address on a site that requires approval, and wait for an admin."""
    steps.sign_up(newcomer)
    steps.follow_emailed_link(newcomer)
