"""Secret votes: no row holds both who voted and what was chosen, and anyone can recount."""
