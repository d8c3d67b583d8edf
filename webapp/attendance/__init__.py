"""Who attends an event: answers, waiting list, registration, check-in, messages and feedback."""
