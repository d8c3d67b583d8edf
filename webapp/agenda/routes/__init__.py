"""The pages of agendas."""

from flask import Blueprint

from . import agenda, bookings, guests, planning, rooms, speakers

BLUEPRINTS: list[Blueprint] = [
    agenda.bp,
    bookings.bp,
    guests.bp,
    planning.bp,
    rooms.bp,
    speakers.bp,
]
