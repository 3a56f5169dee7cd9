"""What the bot tells people when something is not to be."""


class UserError(Exception):
    """A person's mistake or a wish that cannot be met.

    The message is one line that says what was wrong and what to do; it is shown as it is, so it
    holds no secrets and no internals. Nothing was changed when it is raised.
    """


class NotAllowed(UserError):
    """The person lacks the permission for what they asked."""
