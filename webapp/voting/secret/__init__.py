"""Secret votes: who voted and what was chosen are never in one row, and anyone can count again."""
