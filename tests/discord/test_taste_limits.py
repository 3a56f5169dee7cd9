"""The screens of taste stay within Discord's limits, whatever names and titles are in them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.services.pictures.painter import Picture
from bot.services.taste.answers import (
    Comparison,
    Divided,
    Evenings,
    Foreseen,
    GroupMap,
    Leaders,
    MapMovie,
    MapPerson,
    Place,
    ServerStats,
    Shared,
    Shown,
    Taste,
)
from bot.services.taste.tastes import periods
from bot.ui import taste
from bot.ui.screen import Screen
from recommender.taste import Favourite, Leaning, Match, Opinion, Portrait
from recommender.taste.estimates import Estimate
from tests.bot.services.pictures import data
from tests.discord.limits import check_screen
from tests.discord.test_limits import movies, percentiles, quick, stars, texts

numbers = st.integers(0, 10**6)
spans = st.floats(-5, 5)
estimates = st.builds(Estimate, spans, spans, spans)
shares = st.builds(Estimate, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
leanings = st.builds(
    Leaning,
    st.sampled_from(["Western", "Sci-Fi", "Film-Noir", "1970s"]),
    st.integers(5, 10**6),
    st.floats(0.5, 5),
    st.one_of(st.none(), st.floats(0.5, 5)),
    estimates,
    shares,
    st.floats(0, 1),
)
many = st.lists(leanings, min_size=1, max_size=19).map(tuple)
favourites = st.lists(st.builds(Favourite, texts, numbers, st.floats(0.5, 5), estimates), max_size=5).map(
    tuple
)
portraits = st.builds(
    Portrait,
    st.integers(5, 10**6),
    st.floats(0.5, 5),
    st.booleans(),
    many,
    many,
    favourites,
    st.one_of(st.none(), estimates),
    st.builds(Opinion, numbers, stars, st.floats(0.5, 5), numbers),
)
tastes = st.builds(
    Taste,
    texts,
    st.integers(1, 10**6),
    portraits,
    st.one_of(st.none(), movies),
    st.just(data.taste().history),
    st.none(),
)
shared = st.lists(st.builds(Shared, movies, stars, stars), max_size=3).map(tuple)
shown = st.one_of(st.none(), st.builds(Shown, movies, stars, st.one_of(st.none(), percentiles)))
comparisons = st.builds(
    Comparison,
    texts,
    texts,
    st.builds(Match, numbers, st.one_of(st.none(), estimates)),
    shared,
    shared,
    st.one_of(st.none(), st.builds(Shared, movies, stars, stars)),
    shown,
    shown,
)
divided = st.lists(st.builds(Divided, movies, numbers, st.floats(0.5, 5), stars, stars), max_size=5).map(
    tuple
)
places = st.builds(Place, numbers, texts, numbers, st.floats(0.5, 5))
evenings = st.builds(
    Evenings,
    numbers,
    numbers,
    st.lists(st.tuples(texts, numbers), max_size=3).map(tuple),
    st.one_of(st.none(), st.builds(Foreseen, movies, st.just(data.START), numbers, st.floats(0, 5))),
)
words = st.lists(st.sampled_from(["Western", "newer"]), max_size=2).map(tuple)
maps = st.builds(
    GroupMap,
    st.lists(st.builds(MapMovie, movies, spans, spans, numbers), max_size=40).map(tuple),
    st.lists(
        st.builds(MapPerson, texts, spans, spans, st.lists(movies, min_size=1, max_size=3).map(tuple)),
        min_size=1,
        max_size=12,
    ).map(tuple),
    words,
    words,
    words,
    words,
)


def painted(name: str, alt: str = "x" * 5000) -> Picture:
    return Picture(f"{name}.png", b"\x89PNG", alt)


def check(screen: Screen) -> None:
    """Fail if Discord would refuse a screen or its files."""
    check_screen(screen)
    files = screen.message().get("files", [])
    assert len(files) == len(screen.pictures)
    for file in files:
        assert 1 <= len(file.description or "") <= 1024
        file.close()


@quick
@given(tastes, texts)
async def test_taste(found: Taste, alt: str) -> None:
    check(
        taste.taste_screen(
            found, {name: painted(name, alt) for name in ("love", "amount", "decades", "history")}
        )
    )
    check(taste.taste_screen(found, {}))


@quick
@given(texts)
async def test_taste_of_nothing(name: str) -> None:
    nothing = Portrait(0, None, False, (), (), (), None, None)
    check(taste.taste_screen(Taste(name, 0, nothing, None, periods([]), None), {}))
    check(taste.taste_screen(Taste(name, 7, nothing, None, periods([]), None), {}))


@quick
@given(comparisons)
async def test_compare(found: Comparison) -> None:
    check(taste.compare_screen(found, painted("compare")))
    check(taste.compare_screen(found, None))


@quick
@given(
    texts, st.builds(ServerStats, numbers, numbers, numbers, st.floats(0.5, 5), divided, divided), evenings
)
async def test_stats(server: str, found: ServerStats, nights: Evenings) -> None:
    check(taste.stats_screen(server, found, nights, painted("stats")))
    check(taste.stats_screen(server, found, nights, None))


@quick
@given(texts, st.lists(places, max_size=10).map(tuple), st.one_of(st.none(), places), numbers)
async def test_leaderboard(server: str, top: tuple[Place, ...], own: Place | None, count: int) -> None:
    check(taste.leaders_screen(server, Leaders(top, own, count)))


@quick
@given(texts, maps)
async def test_map(server: str, found: GroupMap) -> None:
    check(taste.map_screen(server, found, painted("map")))
