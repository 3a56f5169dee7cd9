"""Imports, on files that the tests write from what is known of their forms."""
