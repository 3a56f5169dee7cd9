"""Bringing ratings from elsewhere: read, matched, shown, and only then stored."""
