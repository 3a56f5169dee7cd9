"""Settings, read once from the environment and `.env`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import UserError

LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"],
    BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
]


class Settings(BaseSettings):
    """What the host of the bot decides.

    A variable set in the environment wins over one in `.env`; an empty one counts as not set.

    Attributes
    ----------
    home : Path
        Folder of the database, the data sets, the models and the backups.
    database_url : str or None
        Where the database is if not in the home: an SQLAlchemy URL.
    discord_token : SecretStr or None
        Needed by ``run`` alone.
    owner_id : int or None
        Discord user who may do what server admins may, on every server and in direct messages.
    tmdb_key : SecretStr or None
        For details of movies by The Movie Database; everything else works without it.
    catalogue_days : int
        After so many days a catalogue with IMDb's films is renewed; never if 0.
    backups : int
        How many of the backups that it makes by itself, one a day, are kept; none are made if 0.
    log_level : str
    """

    model_config = SettingsConfigDict(
        env_prefix="MATINEE_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    home: Path = Path("var")
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    discord_token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")
    owner_id: int | None = Field(default=None, gt=0, lt=2**63)
    tmdb_key: SecretStr | None = None
    catalogue_days: int = Field(default=7, ge=0, le=365)
    backups: int = Field(default=7, ge=0, le=365)
    log_level: LogLevel = "INFO"

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        # Made absolute at once, so that it stays the same folder if the process changes its own.
        return home.expanduser().absolute()

    @field_validator("discord_token")
    @classmethod
    def _one_word(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None:
            return None
        words = token.get_secret_value().split()
        if len(words) != 1:
            raise ValueError("must be one word, as the Discord developer portal shows it")
        return SecretStr(words[0])

    @field_validator("tmdb_key")
    @classmethod
    def _key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is None:
            return None
        text = key.get_secret_value().strip()
        if not text.isascii() or not text.isprintable() or " " in text:
            raise ValueError("must be one word, as themoviedb.org shows it")
        return SecretStr(text)

    @property
    def datasets(self) -> Path:
        """Folder of the data sets."""
        return self.home / "datasets"

    @property
    def models(self) -> Path:
        """Folder of the models."""
        return self.home / "models"

    @classmethod
    def read(cls) -> "Settings":
        """Read the environment and the `.env` of the working directory, which need not exist.

        Raises
        ------
        UserError
            If a setting cannot be understood; the line names it and shows no value.
        """
        try:
            return cls()
        except ValidationError as error:
            raise UserError(f"{_complaints(error)}; see .env.example") from error
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f".env cannot be read as UTF-8 text: {error}") from error


def _complaints(error: ValidationError) -> str:
    names = {"database_url": "DATABASE_URL", "discord_token": "DISCORD_TOKEN"}
    lines: list[str] = []
    for complaint in error.errors(include_input=False, include_url=False):
        field = str(complaint["loc"][0]) if complaint["loc"] else "settings"
        name = names.get(field, field if field.isupper() else f"MATINEE_{field.upper()}")
        lines.append(f"{name}: {complaint['msg']}")
    return "; ".join(lines)
