"""Who can vote: the electoral roll, invited people and reminders."""
