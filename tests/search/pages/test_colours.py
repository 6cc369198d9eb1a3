"""The colours: words stand out from their ground, by day and by night."""

import re
from importlib.resources import files

import pytest


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("ink", "paper"),
        ("soft", "paper"),
        ("red", "paper"),
        ("ink", "wash"),
        ("soft", "wash"),
        ("red", "wash"),
        ("mark-ink", "mark"),
        ("paper", "red"),
    ],
)
def test_words_stand_out_from_their_ground(scheme: int, front: str, back: str) -> None:
    sheet = files("backstory_search.pages").joinpath("static/backstory.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", sheet.split(":root {")[1 + scheme]))

    assert contrast(colours[front], colours[back]) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, definition of contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
