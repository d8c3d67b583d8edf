"""Every form of every page, in every state of the page, filled in and sent as browsers do."""
