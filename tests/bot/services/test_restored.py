"""An evening, a backup of it, a new home: the same people are served, as before once the data is there."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import checks
from bot.cli.checks import Check, examine, missing
from bot.services.app import Services
from bot.services.clock import utc_now
from bot.services.nights.answers import Actor, Plan
from bot.services.versions import Versions
from bot.settings import Settings
from bot.store import Store, meta
from bot.store.inspection import facts
from bot.store.restore import restore
from recommender.catalogue import CATALOGUE_FILE, Catalogue
from recommender.datasets.dataset import Dataset
from tests.bot.services.test_services_app import FITTED

GUILD, CHANNEL = 9_000_000_000_000_001, 9_000_000_000_000_002
HERE = frozenset({CHANNEL})
ANA, BEN = (
    Actor(918273645546372819, "Ana", GUILD, HERE),
    Actor(918273645546372820, "Ben", GUILD, HERE),
)


async def picks(services: Services, user_id: int) -> list[tuple[int, float]]:
    found = await services.recommending.recommend(user_id)
    return [(pick.movie.movie_id, round(pick.percentile, 3)) for pick in found.picks]


@pytest.fixture(autouse=True)
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doctor imports LightFM in a process of its own, which takes a second and is tested elsewhere."""
    monkeypatch.setattr(checks, "_lightfm", lambda: Check("lightfm", "ok", ""))


async def stars(services: Services, user_id: int) -> dict[str, float]:
    page = await services.ratings.page(user_id, size=100)
    return {one.movie.title: one.stars for one in page.ratings}


def doctor(settings: Settings, name: str) -> Check:
    return next(check for check in examine(settings, utc_now) if check.name == name)


@pytest.fixture
async def backup(tmp_path: Path, community: Dataset, ready_model: Path) -> Path:
    """A backup that the bot made by itself after an evening with a data set of its own and a model."""
    old = Settings(home=tmp_path / "old")
    community.save(old.datasets / "tiny")
    async with Store.open(old.home) as store:
        async with store.write() as db:
            await meta.put(db, meta.ACTIVE_DATASET, "tiny")
        shutil.copytree(ready_model, tmp_path / "model")
        await Versions(store, old.models).adopt(FITTED, tmp_path / "model")
    async with Services.open(old) as services:
        for movie_id in (1, 5, 9):
            await services.ratings.rate(ANA.user_id, ANA.name, movie_id, 4.5)
            await services.ratings.rate(BEN.user_id, BEN.name, movie_id + 1, 4.0)
        await services.watchlists.add(BEN.user_id, BEN.name, 40)
        await services.nights.plan(ANA, CHANNEL, Plan(dates=(utc_now() + timedelta(days=3),)))
        assert (await services.recommending.recommend(ANA.user_id)).personal
        made = await services.backups.back_up_if_due()
        (tmp_path / "picks").write_text(repr([await picks(services, one.user_id) for one in (ANA, BEN)]))
    assert made is not None
    return made


@pytest.mark.parametrize("with_models", [True, False])
async def test_the_same_people_are_served_as_before(
    tmp_path: Path, backup: Path, community: Dataset, with_models: bool
):
    new = Settings(home=tmp_path / "new")
    database, _ = await restore(backup, new.home, None, utc_now)
    told = missing(new, facts(database))
    assert "tiny is not in this home" in told["data set"]
    assert "python -m bot data add" in told["data set"]
    assert "model 1" in told["models"]
    assert "python -m bot train" in told["models"]
    assert [doctor(new, name).state for name in ("data set", "models")] == ["bad", "bad"]

    # On the starter set, twice: a restart changes nothing.
    for _ in range(2):
        async with Services.open(new) as services:
            about = await services.about()
            assert about.dataset == "starter"
            assert about.movies > 1000
            assert await stars(services, ANA.user_id) == {f"Western Number {n}": 4.5 for n in (1, 5, 9)}
            assert (await services.recommending.recommend(ANA.user_id)).picks
            assert (await services.watchlists.page(BEN.user_id)).total == 1
            (night,) = await services.nights.open(ANA)
            assert night.host_name == "Ana"
    assert "tiny is not in this home" in doctor(new, "data set").detail

    community.save(new.datasets / "tiny")
    if with_models:
        shutil.copytree(tmp_path / "old" / "models", new.models)
    assert "serves from the next start on" in doctor(new, "data set").detail
    async with Services.open(new) as services:
        about = await services.about()
        assert (about.dataset, about.movies) == ("tiny", 120)
        assert set(await services.ratings.profile(ANA.user_id)) == {1, 5, 9}
        if with_models:
            found = [await picks(services, one.user_id) for one in (ANA, BEN)]
            assert repr(found) == (tmp_path / "picks").read_text()
        else:
            assert (await services.training.status()).next_run is not None
        assert (await services.data.status()).unmatched == ()
    assert doctor(new, "data set") == Check("data set", "ok", "tiny, 120 movies, up to 2019")


async def test_the_same_data_added_by_hand_serves_at_once(tmp_path: Path, backup: Path, community: Dataset):
    new = Settings(home=tmp_path / "new")
    await restore(backup, new.home, None, utc_now)
    async with Services.open(new) as services:
        community.save(new.datasets / "tiny")
        await services.data.add("tiny")
        assert (await services.about()).dataset == "tiny"
        assert set(await services.ratings.profile(ANA.user_id)) == {1, 5, 9}


async def test_a_host_who_chose_the_starter_set_keeps_it(tmp_path: Path, backup: Path, community: Dataset):
    new = Settings(home=tmp_path / "new")
    await restore(backup, new.home, None, utc_now)
    async with Services.open(new) as services:
        await services.data.add("starter")
    community.save(new.datasets / "tiny")
    async with Services.open(new) as services:
        assert (await services.about()).dataset == "starter"
    assert doctor(new, "data set").state == "note"


async def test_a_data_set_that_is_there_and_empty_or_broken_is_told(tmp_path: Path, community: Dataset):
    settings = Settings(home=tmp_path)
    replace(community, catalogue=Catalogue([]), ratings=community.ratings.where(slice(0, 0))).save(
        settings.datasets / "tiny"
    )
    async with Store.open(tmp_path) as store, store.write() as db:
        await meta.put(db, meta.ACTIVE_DATASET, "tiny")
    empty = doctor(settings, "data set")
    assert (empty.state, empty.detail.split(";")[0]) == ("bad", "tiny has no movies")
    (settings.datasets / "tiny" / CATALOGUE_FILE).write_text("junk")
    assert doctor(settings, "data set").state == "bad"
