"""What carries announcements to people: Discord, or the console."""

from datetime import timedelta
from typing import Protocol

from bot.services.nights.answers import Announcement, Night


class Undelivered(Exception):
    """Something could not be said. The message is one line for people, such as what permission is missing.

    Parameters
    ----------
    reason : str
    lasting : bool
        Whether somebody has to do something about it (the channel is gone, a permission is missing), so that
        trying again in a moment is of no use.
    wait : timedelta, optional
        How long trying again is of no use at least.
    """

    def __init__(self, reason: str, *, lasting: bool, wait: timedelta = timedelta()) -> None:
        super().__init__(reason)
        self.lasting = lasting
        self.wait = wait


class MessageGone(Exception):
    """The message that was to be changed has been deleted."""


class Deliverer(Protocol):
    """Posts in a night's channel (`night.channel_id`). Rendering is its matter."""

    async def post(self, night: Night, announcement: Announcement, /) -> int:
        """Post an announcement; answers the number of the message.

        The message carries ``announcement.marker`` in a way that `find` finds again.

        Raises
        ------
        Undelivered
        """
        ...

    async def find(self, night: Night, announcement: Announcement, /) -> int | None:
        """The message of this announcement, if it is in the channel already.

        Asked before an announcement is posted a second time, because the first time the bot ended before it
        could note that it had.

        Raises
        ------
        Undelivered
        """
        ...

    async def refresh(self, night: Night, /) -> None:
        """Make the night's own message, ``night.card_message_id``, show the night as it is now.

        Raises
        ------
        MessageGone
            It is posted anew then.
        Undelivered
        """
        ...

    async def event(self, night: Night, /) -> int | None:
        """Make the scheduled event be what the night is: made, moved, renamed, ended or cancelled.

        Called when something changed that the event shows, and again where it is not known whether the last
        call came to its end: one that exists for this night already is used. Answers its number; None where
        there is (or is to be) no event.

        Raises
        ------
        Undelivered
        """
        ...

    async def warn(self, night: Night, line: str, /) -> None:
        """Tell the host directly that something could not be announced. It is tried once; never raises."""
        ...
