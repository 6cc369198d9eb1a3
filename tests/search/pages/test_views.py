"""What the pages show of a text: its story, and the marked pieces of it."""

from backstory_search.pages.views import Address, Piece, marked
from backstory_search.schemas import HighlightOut, SpanOut


def test_a_choice_is_put_on_and_taken_off_by_the_same_link() -> None:
    address = Address("/", (("q", "flood"), ("section", "local"), ("cursor", "abc")))

    assert address.toggled("section", "local") == "/?q=flood"
    assert address.toggled("section", "sport") == "/?q=flood&section=local&section=sport"


def test_a_marked_passage_is_whole_again_when_its_pieces_are_joined() -> None:
    passage = HighlightOut(text="the flood came", matches=[SpanOut(start=4, end=9)])

    pieces = marked(passage)

    assert pieces == [Piece("the "), Piece("flood", mark=True), Piece(" came")]
