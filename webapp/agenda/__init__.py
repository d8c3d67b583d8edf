"""The agenda of an event: rooms, tracks, speakers, sessions, who has a seat in which, and when
what takes place.
"""
