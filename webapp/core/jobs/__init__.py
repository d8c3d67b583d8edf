"""Work beside the request: the queue, in Redis or in memory, its worker and its clock."""
