"""The clock, time zones and local times."""
