"""The movie nights: the one way in for Discord and the console."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.services.answers import RatingChange
from bot.services.nights.answers import (
    Actor,
    Answer,
    Ballot,
    Night,
    NightHistory,
    NightSettings,
    Plan,
)
from bot.services.nights.deliverer import Deliverer


class Nights:
    """Movie nights of all servers.

    What a method answered is on disk. Announcements that it led to are in the outbox then, and leave it with
    `deliver`. Everything raises `UserError` (or `NotAllowed`) for what is not to be, with nothing changed: a
    night that does not exist, a step that is not legal in its state, somebody who may not.
    """

    # --- settings

    async def settings(self, guild_id: int) -> NightSettings:
        """A server's settings for nights; the defaults where nothing was chosen."""
        ...

    async def change_settings(
        self, guild_id: int, *, time_zone: str | None = None, role_id: int | None = None
    ) -> NightSettings:
        """Change what is named; a `role_id` of 0 lets everybody plan again. Permission is the caller's matter.

        Raises
        ------
        UserError
            If there is no such time zone; the line names near ones.
        """
        ...

    # --- looking

    async def get(self, night_id: int) -> Night:
        """A night."""
        ...

    async def open(self, guild_id: int) -> list[Night]:
        """The nights of a server that are not over, the next one first."""
        ...

    async def current(self, guild_id: int, night_id: int | None = None) -> Night:
        """The night of this number in this server, or the one that people mean who name none.

        That is the next one that is not over; where there is none it is an error that says how to plan one.
        """
        ...

    async def history(self, guild_id: int, *, page: int = 0, size: int = 5) -> NightHistory:
        """The nights that took place: what was watched, who was there, what each gave."""
        ...

    # --- planning

    async def plan(self, actor: Actor, guild_id: int, channel_id: int, plan: Plan) -> Night:
        """Open a night. Its message is the announcement ``card``.

        Raises
        ------
        NotAllowed
            If the actor may not plan here.
        UserError
            If a date is past, too near or too far, or a number is out of its range.
        """
        ...

    async def move(self, actor: Actor, night_id: int, starts_at: datetime) -> Night:
        """Give a night another date, this occurrence of a series alone. Reminders and the vote move along."""
        ...

    async def cancel(self, actor: Actor, night_id: int, reason: str = "") -> Night:
        """Call a night off; of a series this one alone (it is skipped)."""
        ...

    async def repeat(self, actor: Actor, night_id: int) -> Night:
        """Repeat a night every week at its local hour. The next one is opened when this one begins."""
        ...

    async def stop_repeating(self, actor: Actor, night_id: int) -> Night:
        """End the series of a night; the nights that are open stay."""
        ...

    async def relocate(self, actor: Actor, night_id: int, channel_id: int) -> Night:
        """Go on in another channel; what could not be said is said there."""
        ...

    # --- who comes

    async def answer(
        self, actor: Actor, night_id: int, answer: Answer, date_ids: Collection[int] | None = None
    ) -> Night:
        """Say whether one comes; with several dates, which of them suit (None: keep the marks, or at first all).

        Raises
        ------
        NotAllowed
            If the night is for others.
        """
        ...

    async def member_left(self, guild_id: int, user_id: int) -> list[Night]:
        """Somebody left the server: they come to none of its open nights; answers the nights that changed.

        A host hands over to whoever said first that they are in.
        """
        ...

    # --- what to watch

    async def nominate(self, actor: Actor, night_id: int, movie_id: int) -> Night:
        """Nominate a movie of the catalogue; one that is a candidate already gains a supporter."""
        ...

    async def withdraw(self, actor: Actor, night_id: int, movie_key: int) -> Night:
        """Take one's own nomination back; a movie that nobody else wants leaves."""
        ...

    async def open_vote(self, actor: Actor, night_id: int, until: datetime | None = None) -> Night:
        """Open the vote now, or again after too few ballots."""
        ...

    async def ballot(self, actor: Actor, night_id: int) -> Ballot:
        """The actor's own ballot."""
        ...

    async def cast(self, actor: Actor, night_id: int, choices: Mapping[int, int]) -> Ballot:
        """Vote, in place of one's earlier ballot. `choices` as in `Ballot`; an empty one abstains.

        Whoever votes and has not answered yet is in.
        """
        ...

    async def take_back(self, actor: Actor, night_id: int) -> Ballot:
        """Remove one's own ballot."""
        ...

    async def close(self, actor: Actor, night_id: int) -> Night:
        """Close early what is open: the vote on the date, or the vote on the movie.

        Of a vote with fewer ballots than the quorum the host takes what there is by closing it again.
        """
        ...

    # --- afterwards

    async def ask_ratings(self, actor: Actor, night_id: int) -> Night:
        """The host's button: the movie is over, ask for ratings now."""
        ...

    async def rate(self, actor: Actor, night_id: int, stars: float) -> RatingChange:
        """Give what was watched stars, as a rating like any other; whoever rates was there."""
        ...

    # --- time

    async def run_due(self, deliverer: Deliverer) -> int:
        """Do what has come due, in order, and deliver what there is to say; answers how much came due."""
        ...

    async def deliver(self, deliverer: Deliverer) -> None:
        """Say what there is to say and bring the nights' messages up to date. Call it after each change.

        What cannot be said is tried again later, and told in ``Night.trouble``.
        """
        ...

    async def next_due(self) -> datetime | None:
        """When `run_due` will next have something to do; None if nothing is ahead."""
        ...
