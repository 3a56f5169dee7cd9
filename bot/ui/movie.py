"""One movie with all that is known of it."""

from bot.services.app import Services
from bot.services.tmdb.movies import MovieCard, fact_lines, offer_lines
from bot.ui.embeds import Colour, embed
from bot.ui.movies import movie_buttons, movie_name, want_button
from bot.ui.picker import Question, one_of, with_another
from bot.ui.screen import Person, Screen
from bot.ui.text import plain, sentence


async def movie_title(services: Services, person: Person, title: str, guild_id: int | None) -> Screen:
    """The movie that a title means, or the question which it is."""
    lookup, question = await services.movies.locate(title), Question("pickmovie", person.id)
    found = one_of(lookup, title, question)
    if isinstance(found, Screen):
        return found
    return with_another(await movie(services, person, found.movie_id, guild_id), lookup, question)


async def movie(services: Services, person: Person, movie_id: int, guild_id: int | None) -> Screen:
    """One movie, and where to watch it in the server's country."""
    country = None if guild_id is None else (await services.guilds.get(guild_id)).country
    return movie_screen(person, await services.cards.about(movie_id, country))


def movie_screen(person: Person, card: MovieCard) -> Screen:
    """One movie with the buttons of whoever asked."""
    lines = [sentence(plain(line, 300)) for line in fact_lines(card)]
    lines += ["", plain(card.overview, 2500)] if card.overview else []
    offers = "\n".join(sentence(plain(line, 240)) for line in offer_lines(card))
    if offers and card.offers is not None and card.offers.link:
        offers += f"\n[All offers]({card.offers.link})"
    shown = embed(
        movie_name(card.movie),
        "\n".join(lines),
        colour=Colour.TEAL,
        fields=[(f"Where to watch in {card.country}", offers)] if offers else (),
        footer=card.acknowledgement,
    )
    if card.poster:
        shown.set_thumbnail(url=card.poster)
    movie_id = card.movie.movie_id
    buttons = (*movie_buttons(person.id, movie_id), want_button(person.id, movie_id))
    return Screen(embeds=(shown,), rows=(buttons,))
