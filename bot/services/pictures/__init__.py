"""Numbers as pictures, for Discord and for files."""
