"""``run``: the Discord bot, until a signal or Discord ends it."""

import asyncio
import signal
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot.cli.logs import set_up_logging
from bot.cli.output import Failure
from bot.errors import UserError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import MatineeBot

PORTAL = "https://discord.com/developers/applications"
AUTHENTICATION_FAILED = 4004
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def run() -> int:
    """Be a bot on Discord; without a token say how to get one."""
    settings = Settings.read()
    set_up_logging(settings)
    if settings.discord_token is None:
        print(how_to_get_a_token(), file=sys.stderr)
        return 2
    asyncio.run(_run(settings, settings.discord_token.get_secret_value()))
    return 0


def invite_link(application_id: str = "APPLICATION_ID") -> str:
    """The address that puts the bot on a server, with all the permissions it uses and no other."""
    import discord

    permissions = discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        embed_links=True,
        attach_files=True,
        read_message_history=True,
        # A movie night is a scheduled event as well.
        create_events=True,
        manage_events=True,
    )
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(application_id, permissions=permissions, scopes=scopes)


def how_to_get_a_token() -> str:
    """The way from nothing to a bot on a server."""
    return f"""\
DISCORD_TOKEN is not set, so there is no bot to run as. To get one:
  1. At {PORTAL} press “New Application”, then open “Bot”.
  2. There press “Reset Token”, and put the token into the file .env: DISCORD_TOKEN=...
  3. On the same page switch on “Server Members Intent” and “Message Content Intent”.
  4. Invite the bot to your server, with the Application ID of “General Information” in this link:
     {invite_link()}
  5. Start it: python -m bot run
Without Discord the same bot is in this terminal: python -m bot console"""


async def _run(settings: Settings, token: str) -> None:
    from bot.app import MatineeBot
    from bot.services.app import Services

    async with Services.open(settings) as services, MatineeBot(services, settings) as matinee:
        serving = asyncio.create_task(_serve(matinee, token))
        loop = asyncio.get_running_loop()

        def stop() -> None:
            # The next signal has its usual effect, should closing take too long for somebody.
            for number in SIGNALS:
                loop.remove_signal_handler(number)
            serving.cancel()

        for number in SIGNALS:
            loop.add_signal_handler(number, stop)
        # Leaving the block closes the bot before the services: nothing is asked of closed ones.
        await asyncio.wait([serving])
        if not serving.cancelled():
            await serving


async def _serve(matinee: "MatineeBot", token: str) -> None:
    """Be logged in until cancelled.

    Raises
    ------
    UserError
        If Discord refuses the token or the intents.
    Failure
        If Discord cannot be reached, or ended it.
    """
    import aiohttp
    import discord

    from bot.ui.acknowledging import acknowledge_quickly

    acknowledge_quickly()
    try:
        await matinee.start(token)
    except discord.LoginFailure as error:
        raise UserError(f"Discord refuses DISCORD_TOKEN: copy or reset it at {PORTAL} under “Bot”") from error
    except discord.PrivilegedIntentsRequired as error:
        raise UserError(
            f"Discord refuses the intents: at {PORTAL} under “Bot” switch on “Server Members Intent” and "
            "“Message Content Intent”"
        ) from error
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:
            raise UserError(f"Discord no longer takes DISCORD_TOKEN: reset it at {PORTAL}") from error
        raise Failure(f"Discord closed the connection for good (code {error.code})") from error
    except discord.HTTPException as error:
        if error.status < HTTPStatus.INTERNAL_SERVER_ERROR and error.status != HTTPStatus.TOO_MANY_REQUESTS:
            # Trying again would not help: what is wrong is in what Discord says.
            # Of refused commands discord.py tells which they are, and leaves out Discord's own words.
            told = str(error) if error.text in str(error) else f"{error}: {error.text}"
            raise Failure(
                f"Discord refuses what the bot asks at its start: {' '.join(told.split())}"
            ) from error
        raise Failure(f"Discord cannot serve the bot now (HTTP {error.status}); try again later") from error
    except discord.RateLimited as limited:
        raise Failure(
            f"Discord lets the bot do nothing for {limited.retry_after:.0f} s; try again then"
        ) from limited
    except (discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
        raise Failure(f"Discord cannot be reached: {error}; is there a way to the internet?") from error
