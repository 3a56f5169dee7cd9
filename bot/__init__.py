"""Matinée, the application: a Discord bot, the same in a terminal, and its command line."""

__version__ = "0.1.0"
