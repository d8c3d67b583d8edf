"""The pages of attendance."""

from flask import Blueprint

from . import (
    approvals,
    attendees,
    check_in,
    dashboard,
    event_invitations,
    feedback,
    guest_pages,
    guests,
    host_announcements,
    inviting,
    messages,
    registration,
    rsvps,
    rsvps_by_host,
)

BLUEPRINTS: list[Blueprint] = [
    rsvps.bp,
    rsvps.offers_bp,
    guests.bp,
    guests.links,
    guest_pages.bp,
    messages.guests_bp,
    guest_pages.silences_bp,
    messages.bp,
    attendees.people_bp,
    dashboard.bp,
    attendees.bp,
    host_announcements.bp,
    inviting.bp,
    inviting.members_bp,
    event_invitations.bp,
    approvals.bp,
    rsvps_by_host.bp,
    registration.questions_bp,
    registration.tickets_bp,
    check_in.tickets_bp,
    check_in.guest_tickets_bp,
    check_in.bp,
    feedback.bp,
    feedback.guests_bp,
    feedback.hosts_bp,
]
