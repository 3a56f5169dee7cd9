"""Movie details from The Movie Database, where the host has a key for it."""
