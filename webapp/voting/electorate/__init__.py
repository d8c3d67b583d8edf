"""Who can vote: the electoral roll, invited people, reminders."""
