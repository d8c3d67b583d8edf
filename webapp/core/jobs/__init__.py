"""Background jobs: the queue, in Redis or in memory, its worker and its clock."""
