"""People's taste, each alone, two together and a whole server."""
