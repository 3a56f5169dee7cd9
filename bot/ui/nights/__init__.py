"""Movie nights on Discord: the night's message, its controls, and what carries announcements to a channel."""
