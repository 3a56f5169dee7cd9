"""Time zones by name: the IANA database of the package tzdata, so that every host knows the same ones."""

from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from bot.errors import UserError

UTC_NAME = "UTC"


@cache
def zone_names() -> tuple[str, ...]:
    """Names of all zones, ``Europe/Berlin``, and UTC.

    Abbreviations such as EST are left out: they are zones without daylight-saving time, which is
    hardly ever what is meant. So are fixed offsets, whose signs are the other way round.
    """
    names = (files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return (*sorted(name for name in names if "/" in name and not name.startswith("Etc/")), UTC_NAME)


def suggest_zones(typed: str, most: int) -> list[str]:
    """Zones with what is being typed in their name."""
    wanted = _plain(typed)
    found = [name for name in zone_names() if wanted in _plain(name)]
    # A city's name begins with what is typed more often than a region's.
    return sorted(found, key=lambda name: not _city(name).startswith(wanted))[:most]


def find_zone(text: str) -> str:
    """The name of the zone that is meant: written in full in any case, or by its city alone.

    Raises
    ------
    UserError
        If there is none, or several have such a city.
    """
    wanted = _plain(text)
    exact = [name for name in zone_names() if _plain(name) == wanted]
    found = exact or [name for name in zone_names() if _city(name) == wanted]
    if len(found) == 1:
        return found[0]
    near = found or [name for name, _, _ in _near(wanted)]
    hint = f"did you mean {', '.join(near[:3])}?" if near else "write a city's, such as Europe/Berlin"
    raise UserError(f"there is no time zone “{text[:40]}”; {hint}")


def _near(wanted: str) -> list[tuple[str, float, int]]:
    return process.extract(wanted, zone_names(), scorer=fuzz.ratio, processor=_city, score_cutoff=86, limit=3)


def _city(name: str) -> str:
    return _plain(name.rpartition("/")[2])


def _plain(name: str) -> str:
    return name.casefold().strip().replace(" ", "_")
