"""Fill in and send every form of every page, in every state of the page, as browsers do."""
