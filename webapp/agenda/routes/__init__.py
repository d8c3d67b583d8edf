"""The routes of agendas."""

from flask import Blueprint

from . import agenda, bookings, planning, rooms, speakers

BLUEPRINTS: list[Blueprint] = [
    agenda.bp,
    bookings.bp,
    bookings.guest_bp,
    planning.bp,
    rooms.bp,
    speakers.bp,
]
