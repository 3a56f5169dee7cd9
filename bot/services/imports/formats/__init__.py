"""One module for each source of ratings: whether a table is of it, and what its rows say."""
