"""How a text becomes paragraphs with the summary's sentences in them."""

from hypothesis import given
from hypothesis import strategies as st

from backstory_search.pages.story import paragraphs
from backstory_search.pages.views import Fragment
from backstory_shared.articles import Span
from backstory_shared.text.boilerplate import complement

TEXT = st.text("ab. \n", min_size=1, max_size=60)


def spans(cuts: list[int], length: int) -> list[Span]:
    """Spans in order and apart from each other."""
    places = sorted({min(cut, length) for cut in cuts})
    return [Span(start, end) for start, end in zip(places[::2], places[1::2], strict=False)]


CUTS = st.lists(st.integers(0, 60), max_size=8)


def test_a_sentence_is_a_fragment_of_its_own() -> None:
    assert paragraphs("One. Two. Three.", (), [Span(5, 9)]) == (
        (Fragment("One. "), Fragment("Two.", 1, begins=True, ends=True), Fragment(" Three.")),
    )


def test_a_sentence_over_a_blank_line_begins_in_one_paragraph_and_ends_in_the_next() -> None:
    assert paragraphs("One\n\ntwo.", (), [Span(0, 9)]) == (
        (Fragment("One", 1, begins=True),),
        (Fragment("two.", 1, ends=True),),
    )


def test_boilerplate_within_a_line_is_left_out() -> None:
    assert paragraphs("One. Share! Two.", [Span(5, 12)], ()) == (
        (Fragment("One. "), Fragment("Two.")),
    )


@given(TEXT, CUTS, CUTS)
def test_nothing_of_the_story_is_lost_and_nothing_else_is_shown(
    text: str, left_out: list[int], summed_up: list[int]
) -> None:
    boilerplate, sentences = spans(left_out, len(text)), spans(summed_up, len(text))

    shown = paragraphs(text, boilerplate, sentences)

    words = "".join(fragment.text for paragraph in shown for fragment in paragraph)
    story = "".join(text[start:end] for start, end in complement(boilerplate, len(text)))
    assert "".join(words.split()) == "".join(story.split())
