"""Runs the program as a user does, but for our own Discord: ``launcher.py API_URL GATEWAY_URL COMMAND...``.

That the bot can be pointed elsewhere is a matter of the tests alone, so it is done here and not by a setting.
"""

import sys

import discord.gateway
import discord.http
import yarl


def redirect(api_url: str, gateway_url: str) -> None:
    """Let discord.py talk to our own Discord; with one way forgotten it would call the real one."""
    discord.http.Route.BASE = api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


if __name__ == "__main__":
    from bot.cli import main

    api_url, gateway_url, *arguments = sys.argv[1:]
    redirect(api_url, gateway_url)
    raise SystemExit(main(arguments))
