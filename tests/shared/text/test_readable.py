"""What may stand in a summary: whole sentences of the news."""

import pytest

from backstory_shared.articles import Span
from backstory_shared.text.readable import is_whole, within_quotations, without_dateline


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor opened the new bridge on Monday.",
        "“We could have patched it for another winter,” the mayor said.",
        "Der Rat nannte den Plan „zu teuer und zu spät“.",
        "Le conseil parle d’un projet « trop cher et trop tardif ».",
        "Researchers at the town's only lab found lead in the 'oldest pipes' there.",
        "iPhone sales in the town rose by a fifth last year.",
        "市议会星期一宣布将在冬天之前修复港口的墙。",
    ],
)
def test_a_whole_sentence_may_stand_in_a_summary(sentence: str) -> None:
    assert is_whole(sentence, max(len(sentence.split()), 6))


@pytest.mark.parametrize(
    "sentence",
    [
        "Who will pay for the new bridge now?",
        "¿Quién pagará ahora el nuevo puente de la ciudad?",
        "من سيدفع ثمن الجسر الجديد في المدينة الآن؟",
        "“We could have patched it for another winter.",
        "We could have patched it for another winter,” he said.",
        "‘We could have patched it for another winter.",
        "The mayor (who was there on Monday said so.",
        "A headline of the town without a stop",
        "and then the mayor opened the new bridge.",
        "Photo: the mayor opens the bridge on Monday morning.",
        "The mayor (pictured) opened the bridge on Monday morning.",
        "File photo of the bridge before it was closed in May.",
        "Ann Poe of the Courier contributed to this report.",
        "Students, singers and a teacher among the victims .",
        "Read more: the bridge and the mayor who built it.",
        "See https://courier.example/bridge for the whole list.",
        "Too short it is.",
        "word " * 61 + "end.",
    ],
)
def test_what_is_no_whole_sentence_of_the_news_may_not(sentence: str) -> None:
    assert not is_whole(sentence, len(sentence.split()))


def test_a_sentence_in_the_middle_of_a_quotation_is_known() -> None:
    said = ["“We are angry.", "Nobody asked us.", "We will not pay,” she said.", "The mayor left."]

    assert within_quotations(said, [True, False, False, False]) == [False, True, True, False]


def test_a_new_paragraph_ends_a_quotation_that_was_never_closed() -> None:
    assert within_quotations(["“We are angry.", "The mayor left."], [True, True]) == [False, False]


def test_a_mark_that_was_forgotten_does_not_silence_the_rest() -> None:
    said = ['He said: "We are angry.', *["Nobody asked."] * 9]

    assert within_quotations(said, [True] + [False] * 9)[-1] is False


@pytest.mark.parametrize(
    "dateline",
    [
        "LONDON (AP) — ",
        "PORT ELLERY, Nov 2 – ",
        "Berlin (dpa) - ",
        "(CNN)",
        "(CNN) -- ",
        "Hong Kong (CNN)",
        "WASHINGTON (Reuters) - ",
        "PARIS, 3 mars (AFP) - ",
        "MADRID, 12 may (EFE).- ",
        "(ANSA) - ",
        "PORT ELLERY (Courier) — ",
    ],
)
def test_a_dateline_is_left_out_by_moving_the_offset(dateline: str) -> None:
    text = f"{dateline}The harbour will close on Monday."

    start, end = without_dateline(text, Span(0, len(text)))

    assert text[start:end] == "The harbour will close on Monday."


@pytest.mark.parametrize(
    "sentence",
    [
        "Engineers replaced the gate.",
        "The council (all nine of them) voted on Monday.",
        "Port Ellery - a town of nine thousand - has one harbour.",
        "NATO says the harbour is safe.",
    ],
)
def test_a_sentence_without_a_dateline_keeps_its_place(sentence: str) -> None:
    assert without_dateline(sentence, Span(0, len(sentence))) == Span(0, len(sentence))
