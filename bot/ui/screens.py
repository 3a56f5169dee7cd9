"""What a command or a button leads to: one service is asked and its answer rendered."""

from collections.abc import Sequence
from dataclasses import replace

from bot.services.answers import Filters
from bot.services.app import Services
from bot.services.asking import ANSWERS
from bot.services.filters import checked
from bot.services.membership import Viewer
from bot.services.wording import counted
from bot.store.movies import MovieRef
from bot.ui.asking import question_screen
from bot.ui.explain import why_screen
from bot.ui.ids import pack_filters
from bot.ui.movies import Wish, picks_screen, popular_screen, shown_of, similar_screen
from bot.ui.picker import Question, one_of, with_another
from bot.ui.ratings import Order, change_screen, newcomer_screen, quick_screen, ratings_screen
from bot.ui.screen import Person, Screen
from bot.ui.unmatched import keep_title, none_button, unkeep
from recommender.catalogue import Movie

RATINGS_PAGE = 10
WAITING_SHOWN = 3
"""So many rows that wait for their movie are shown below the ratings."""


async def recommend(services: Services, person: Person, wish: Wish) -> Screen:
    """The person's picks; without ratings the popular list, and a dozen movies to start with."""
    wish = replace(wish, filters=checked(wish.filters))
    picks = await services.recommending.recommend(
        person.id, count=wish.count, filters=wish.filters, style=wish.style, start=wish.start
    )
    if picks.personal:
        shown = (pick.movie.movie_id for pick in shown_of(picks, wish.page))
        services.recommending.showed(person.id, wish.filters, wish.style, shown)
        return picks_screen(person, picks, wish)
    if picks.ratings:
        return popular_screen(picks)
    return newcomer_screen(person, picks, await services.recommending.quick_start(person.id))


async def ask(services: Services, person: Person, given: int, unseen: Sequence[int]) -> Screen:
    """The next question of a round; after the last answer thanks, and the picks as they are now."""
    if given >= ANSWERS:
        picks = await recommend(services, person, Wish())
        thanks = f"**Thanks: {counted(given, 'answer')} more to go by.**"
        return replace(picks, content=f"{thanks}\n{picks.content}")
    movie = await services.recommending.question(person.id, unseen)
    return question_screen(person, movie, given, unseen)


async def popular(services: Services, person: Person, count: int, filters: Filters) -> Screen:
    """What everybody watches, without what the person has rated or put aside."""
    return popular_screen(
        await services.recommending.popular(person.id, count=count, filters=checked(filters))
    )


async def why_title(services: Services, person: Person, title: str) -> Screen:
    """The explanation of the movie that a title means, or the question which it is."""
    lookup, question = await services.movies.locate(title), Question("pickwhy", person.id)
    found = one_of(lookup, title, question)
    if isinstance(found, Screen):
        return found
    return with_another(await why(services, person, found.movie_id), lookup, question)


async def why(services: Services, person: Person, movie_id: int, *, buttons: bool = True) -> Screen:
    """The whole explanation of one movie, with the person's buttons or without."""
    return why_screen(person, await services.recommending.why(person.id, movie_id), buttons=buttons)


async def why_of(services: Services, viewer: Viewer, whose_id: int, movie_id: int) -> Screen:
    """The explanation of one of somebody's picks, if the viewer may look at their ratings."""
    whose = Person(whose_id, await services.privacy.look(viewer, whose_id))
    return await why(services, whose, movie_id, buttons=viewer.user_id == whose_id)


async def similar_title(
    services: Services, person: Person, title: str, count: int, filters: Filters
) -> Screen:
    """Movies like the one that a title means, or the question which it is."""
    filters = checked(filters)
    question = Question("picklike", person.id, (str(count), pack_filters(filters)))
    lookup = await services.movies.locate(title)
    found = one_of(lookup, title, question)
    if isinstance(found, Screen):
        return found
    return with_another(await similar(services, found, count, filters), lookup, question)


async def similar(services: Services, movie: Movie, count: int, filters: Filters) -> Screen:
    """Movies like this one."""
    found = await services.recommending.similar(movie.movie_id, count=count, filters=filters)
    return similar_screen(movie, found)


async def rate_title(services: Services, person: Person, title: str, stars: float) -> Screen:
    """Record stars for the movie that a title means, or ask which it is and record them then."""
    lookup = await services.movies.locate(title)
    if lookup.kind == "none":
        return await keep_title(services, person, title, stars)
    none_of = none_button(person.id, title, stars)
    found = one_of(lookup, title, Question("pickrate", person.id, (str(round(stars * 2)),), none_of))
    if isinstance(found, Screen):
        return found
    change = await services.ratings.rate(person.id, person.name, found.movie_id, stars)
    instead = Question("pickother", person.id, (str(change.change_id),))
    return with_another(change_screen(person, change), lookup, instead)


async def rate(services: Services, person: Person, movie_id: int, stars: float) -> Screen:
    """Record stars and show what they replaced."""
    return change_screen(person, await services.ratings.rate(person.id, person.name, movie_id, stars))


async def rate_instead(services: Services, person: Person, change_id: int, movie_id: int) -> Screen:
    """Give the stars that went to one movie to another, which was meant."""
    change = await services.ratings.rate_instead(person.id, person.name, change_id, movie_id)
    return change_screen(person, change)


async def unrate_title(services: Services, person: Person, title: str) -> Screen:
    """Remove the rating of the movie that a title means, looked for among the person's own."""
    question = Question(
        "pickrated", person.id, advice="Among your ratings there is none like it; see /ratings."
    )
    lookup = await services.ratings.rated(person.id, title)
    if lookup.kind != "one" and (row := await services.unmatched.named(person.id, title)) is not None:
        return await unkeep(services, person, row.waiting_id)
    found = one_of(lookup, title, question)
    return found if isinstance(found, Screen) else await unrate(services, person, MovieRef(found.movie_id))


async def unrate(services: Services, person: Person, ref: MovieRef) -> Screen:
    """Remove a rating and show what it was."""
    return change_screen(person, await services.ratings.unrate(person.id, ref))


async def undo(services: Services, person: Person, change_id: int) -> Screen:
    """Take a change back."""
    return change_screen(person, await services.ratings.undo(person.id, change_id), undoable=False)


async def ratings(services: Services, viewer: Viewer, whose_id: int, page: int, order: Order) -> Screen:
    """A page of somebody's ratings, if the viewer may look at them."""
    whose = Person(whose_id, await services.privacy.look(viewer, whose_id))
    found = await services.ratings.page(whose_id, page=page, size=RATINGS_PAGE, order=order)
    waiting = await services.unmatched.page(whose_id, size=WAITING_SHOWN)
    return ratings_screen(viewer.user_id, whose, found, order, waiting)


async def quick(
    services: Services,
    person: Person,
    dozen: tuple[int, ...],
    *,
    after: int | None = None,
    at: int | None = None,
) -> Screen:
    """The quick start as it stands now.

    Parameters
    ----------
    services : Services
    person : Person
    dozen : tuple of int
        Its movies.
    after : int, optional
        The movie that was just rated or skipped: the next unrated one behind it is asked about.
    at : int, optional
        The movie to be asked about, rated or not.
    """
    movies = [services.movies.get(movie_id) for movie_id in dozen]
    rated = await services.ratings.profile(person.id)
    behind = dozen[dozen.index(after) + 1 :] if after in dozen else ()
    return quick_screen(person, movies, rated, at or next((one for one in behind if one not in rated), None))
