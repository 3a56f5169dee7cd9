"""Discord's limits, checked on what would be sent."""

from collections.abc import Iterator
from typing import Any

from bot.ui.screen import Screen
from bot.ui.text import size

BUTTON, SELECT, CHANNEL_SELECT = 2, 3, 8


def check_screen(screen: Screen) -> None:
    """Fail if Discord would refuse a screen."""
    message = screen.message()
    check_text(message["content"] or "", 2000)
    assert message["content"] or message["embeds"], "an empty message"
    check_embeds([embed.to_dict() for embed in message["embeds"]])
    if "view" in message:
        check_components(message["view"].to_components())


def check_embeds(embeds: list[Any]) -> None:
    """Fail if embeds are too many or too long."""
    assert len(embeds) <= 10
    total = 0
    for embed in embeds:
        texts = [
            (embed.get("title", ""), 256),
            (embed.get("description", ""), 4096),
            (embed.get("footer", {}).get("text", ""), 2048),
            (embed.get("author", {}).get("name", ""), 256),
        ]
        assert embed.get("title") or embed.get("description") or embed.get("fields"), "an empty embed"
        fields = embed.get("fields", [])
        assert len(fields) <= 25
        for field in fields:
            texts += [(field["name"], 256), (field["value"], 1024)]
            assert field["name"].strip()
            assert field["value"].strip()
        for text, limit in texts:
            check_text(text, limit)
            total += size(text)
    assert total <= 6000


def check_components(rows: list[Any]) -> None:
    """Fail if controls are too many, too long or ambiguous."""
    assert len(rows) <= 5
    custom_ids: list[str] = []
    for row in rows:
        children = row["components"]
        assert 1 <= len(children) <= 5
        if any(child["type"] != BUTTON for child in children):
            assert len(children) == 1
        for child in children:
            custom_ids.append(child["custom_id"])
            check_component(child)
    assert len(set(custom_ids)) == len(custom_ids)


def check_component(component: Any) -> None:
    """Fail if one control breaks a limit."""
    assert 1 <= len(component["custom_id"]) <= 100
    if component["type"] == BUTTON:
        check_label(component["label"], 80)
        return
    check_text(component.get("placeholder") or "", 150)
    if component["type"] == SELECT:
        options = component["options"]
        assert 1 <= len(options) <= 25
        assert len({option["value"] for option in options}) == len(options)
        for option in options:
            check_label(option["label"], 100)
            check_label(option["value"], 100)
            if option.get("description") is not None:
                check_text(option["description"], 100)


def check_choices(choices: list[Any]) -> None:
    """Fail if completions break a limit."""
    assert len(choices) <= 25
    for choice in choices:
        check_label(choice["name"], 100)
        if isinstance(choice["value"], str):
            check_label(choice["value"], 100)


def check_label(text: str, limit: int) -> None:
    """Fail if a text that must not be empty is, or is too long."""
    assert text.strip()
    check_text(text, limit)


def check_text(text: str, limit: int) -> None:
    """Fail if a text is too long or cannot be sent."""
    assert size(text) <= limit, f"{size(text)} of {limit}: {text!r}"
    text.encode()


def components(rows: list[Any]) -> Iterator[Any]:
    """All buttons and menus."""
    for row in rows:
        yield from row["components"]
