"""Hooks: a feature announces an event; features to its right subscribe and act on it.

Subscribers run at once, in the same transaction, in the order of subscription. `OCCASIONS` lists
all hooks.
"""

from collections.abc import Callable
from typing import Any


class Hook:
    """One kind of event: its name, the arguments that it carries, and its subscribers."""

    def __init__(self, name: str, carries: tuple[str, ...], meaning: str) -> None:
        self.name = name
        self.carries = carries
        self.meaning = meaning
        self.subscribers: list[Callable[..., None]] = []

    def subscribe(self, function: Callable[..., None]) -> None:
        """Call `function` with the hook's arguments from now on.

        Subscribing twice has no effect.
        """
        if function not in self.subscribers:
            self.subscribers.append(function)

    def __call__(self, **what: Any) -> None:
        assert set(what) == set(self.carries), f"{self.name} carries {self.carries}"
        for function in self.subscribers:
            function(**what)


email_verified = Hook("email_verified", ("user",), "an account's address has been confirmed")
email_changed = Hook(
    "email_changed", ("user",), "an account has another address, which is confirmed"
)
user_approved = Hook(
    "user_approved",
    ("user",),
    "an account has been let in, where the site lets people in one by one",
)
user_deactivated = Hook("user_deactivated", ("user",), "an account may no longer sign in")
user_returned = Hook(
    "user_returned", ("user",), "an account that was closed, or was to be deleted, is in use again"
)
user_exported = Hook(
    "user_exported", ("user", "parts"), "a person's data is collected: each feature adds its parts"
)
user_erased = Hook("user_erased", ("user",), "an account is being anonymised")
member_joined = Hook("member_joined", ("group", "user"), "someone has become a member")
member_left = Hook(
    "member_left",
    ("group", "user", "by_choice"),
    "a member has left; unless it was `by_choice`, someone removed or banned them",
)
group_edited = Hook(
    "group_edited",
    ("group", "name_before", "visibility_before"),
    "a group says something else of itself",
)
group_deleted = Hook("group_deleted", ("group",), "a group has been put away")
group_restored = Hook("group_restored", ("group",), "a group that was put away stands again")
event_copied = Hook(
    "event_copied", ("event", "copy"), "an event was duplicated: what belongs to it is copied, too"
)
answer_shrank = Hook(
    "answer_shrank",
    ("answer",),
    "someone who was going no longer is, or the size of their group changed",
)
event_moved = Hook(
    "event_moved",
    ("event", "was", "zone_before", "whole"),
    "an event has another time or zone; `was`: its start and end before; `whole`: everything at "
    "the event moves with it",
)
event_changing = Hook(
    "event_changing",
    ("event", "plan"),
    "an event is about to change to `plan`; subscribers may refuse",
)
event_reopened = Hook(
    "event_reopened",
    ("event", "new_seats"),
    "an event's seats can be given again, or there is another number",
)
event_resumed = Hook(
    "event_resumed", ("event",), "an event that was cancelled takes place after all"
)
event_closed = Hook(
    "event_closed", ("event",), "an event doesn't let in people from outside its group any more"
)
event_left = Hook(
    "event_left",
    ("event", "user"),
    "someone doesn't attend an event any more, or doesn't run it; None for a guest",
)
event_emptied = Hook(
    "event_emptied", ("event",), "what people wrote about an event is being erased"
)
events_erased = Hook(
    "events_erased",
    ("user",),
    "someone is being taken out of events: locks on events are taken here, before rows change",
)
offers_due = Hook(
    "offers_due",
    ("now", "events"),
    "the ids of events at which seat offers end are added to the set `events`",
)
files_named = Hook(
    "files_named",
    ("kind", "ids"),
    "files that no row names will be deleted: features add to `ids` what is named elsewhere than "
    "in columns for it",
)
booking_changed = Hook(
    "booking_changed",
    ("row", "kind", "words"),
    "someone's seats in a session were given, offered or lost",
)
event_settled = Hook(
    "event_settled", ("event",), "an event's free seats were given to its waiting list"
)
guest_claimed = Hook(
    "guest_claimed",
    ("event", "guest", "user"),
    "what someone answered as a guest becomes their account's",
)
guest_exported = Hook(
    "guest_exported",
    ("guest", "data"),
    "a guest's data is collected: subscribers add to the dictionary `data`",
)
guest_forgotten = Hook("guest_forgotten", ("guest",), "a guest's data is being deleted")
digest_written = Hook(
    "digest_written",
    ("reader", "contents"),
    "a digest is written for `reader`: features add what they know of the things in `contents`",
)
topic_removed = Hook(
    "topic_removed", ("topic", "into"), "a topic goes: what has it has another one instead, or none"
)

OCCASIONS = [hook for hook in vars().values() if isinstance(hook, Hook)]
