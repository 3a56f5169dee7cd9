"""What was seen without stars is not recommended any more."""

from bot.services.group import GroupLists
from bot.services.recommending import Recommending
from bot.services.watchlists import Watchlists
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, Library
from tests.bot.services.imports.files import ALIEN, MATRIX


async def test_what_was_seen_is_not_recommended_and_counts_for_groups(library: Library) -> None:
    recommending = Recommending(library.shelf, library.ratings)
    before = {pick.movie.title for pick in (await recommending.recommend(ANA, count=20)).picks}
    batch_id = await library.bring(files.letterboxd_plain([ALIEN, MATRIX]), "watched.csv")
    after = {pick.movie.title for pick in (await recommending.recommend(ANA, count=20)).picks}
    assert before - after == {"Alien", "The Matrix"}
    watchlists = Watchlists(library.store, library.shelf, library.clock)
    groups = GroupLists(library.shelf, library.ratings, watchlists)
    shown = await groups.recommend([ANA, BEN], count=20)
    assert not {"Alien", "The Matrix"} & {pick.movie.title for pick in shown.picks}
    again = await groups.recommend([ANA, BEN], count=20, rewatch=True)
    seen_by = {pick.movie.title: pick.seen_by for pick in again.picks}
    assert seen_by["Alien"] == (ANA,)
    assert seen_by["Casablanca"] == ()
    await library.imports.undo(ANA, batch_id)
    back = {pick.movie.title for pick in (await recommending.recommend(ANA, count=20)).picks}
    assert back == before
