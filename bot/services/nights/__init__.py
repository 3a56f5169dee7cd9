"""Movie nights: planned, voted on, announced, watched and rated."""
