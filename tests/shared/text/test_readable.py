"""What may stand in a summary: whole sentences of the news."""

import pytest

from backstory_shared.articles import Span
from backstory_shared.text.readable import (
    begins_small,
    is_whole,
    notices,
    spoken_on,
    within_quotations,
    without_dateline,
    without_place,
)


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
        "Photo: the mayor opens the bridge on Monday morning.",
        "The mayor (pictured) opened the bridge on Monday morning.",
        "File photo of the bridge before it was closed in May.",
        "Ann Poe of the Courier contributed to this report.",
        "Students, singers and a teacher among the victims .",
        "Read more: the bridge and the mayor who built it.",
        "See https://courier.example/bridge for the whole list.",
        "The views expressed in this commentary are solely those of the writer.",
        "The Courier's Ann Poe reported from Harwick, and Ray Lee wrote from Saltmouth.",
        "Good morning and welcome to our live coverage of the storm.",
        "Too short it is.",
        "word " * 61 + "end.",
    ],
)
def test_what_is_no_whole_sentence_of_the_news_may_not(sentence: str) -> None:
    assert not is_whole(sentence, len(sentence.split()))


def test_what_begins_small_is_a_fragment_unless_it_is_a_name() -> None:
    assert begins_small("and then the mayor opened the new bridge.")
    assert not begins_small("iPhone sales in the town rose by a fifth last year.")
    assert not begins_small("“The bridge is open,” the mayor said.")


def test_what_is_said_of_the_writer_is_not_the_story() -> None:
    said = [
        "Ann Poe is professor of harbours at the University of Ellery.",
        "The opinions expressed in this commentary are hers.",
        "The harbour of Port Ellery must not close.",
    ]

    assert notices(said, [True, False, False]) == [True, True, False]


def test_a_note_is_left_out_with_its_paragraph() -> None:
    said = ["The harbour closes.", "Editor’s note: It opened in May.", "We regret it.", "It rains."]

    assert notices(said, [True, True, False, True]) == [False, True, True, False]


def test_of_a_text_in_one_paragraph_nobody_knows_where_a_note_ends() -> None:
    said = ["Editor's note: Ann Poe wrote this.", "The harbour closes on Monday."]

    assert notices(said, [True, False]) == [False, False]


def test_in_a_transcript_the_speaker_is_named_once_for_a_paragraph() -> None:
    said = ["POE: Thank you.", "I want a harbour.", "RAY LEE: No.", "You closed it.", "(LAUGHTER)"]

    assert spoken_on(said, [True, False, True, False, True]) == [False, True, False, True, False]


def test_one_label_makes_no_transcript_but_a_dateline() -> None:
    text = "HARWICK: The harbour will close on Monday."

    assert spoken_on([text, "It opens in May."], [True, False]) == []
    assert text[slice(*without_place(text, Span(0, len(text))))] == text[9:]
    assert without_place("Harwick: a town.", Span(0, 16)) == Span(0, 16)


@pytest.mark.parametrize("sign", ["• ", "- ", "* ", "3. ", "12) "])
def test_the_sign_of_a_list_is_left_out_by_moving_the_offset(sign: str) -> None:
    text = f"What to know:\n{sign}The harbour closes on Monday."

    assert text[slice(*without_dateline(text, Span(14, len(text))))] == (
        "The harbour closes on Monday."
    )


def test_a_number_that_begins_a_sentence_within_a_line_stays() -> None:
    text = "It was late. 12. May was the day of the storm."

    assert without_dateline(text, Span(13, len(text))) == Span(13, len(text))


def test_a_sentence_in_the_middle_of_a_quotation_is_known() -> None:
    said = ["“We are angry.", "Nobody asked us.", "We will not pay,” she said.", "The mayor left."]

    assert within_quotations(said, [True, False, False, False]) == [False, True, True, False]


def test_a_german_quotation_is_over_where_its_mark_closes_it() -> None:
    said = ["„Wir warten“, sagte Ann Poe.", "Der Rat tagt.", "„Wir gehen.", "Alle.“", "Sie ging."]

    assert within_quotations(said, [True, *[False] * 4]) == [False, False, False, True, False]


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
    ("dateline", "sentence"),
    [
        ("东京（路透社）——", "港口将关闭六周。"),
        ("新华社北京5月12日电（记者张三）", "港口将关闭六周。"),
        ("[東京　２日　ロイター] - ", "港は六週間閉鎖される。"),
        ("東京（ロイター）― ", "港は六週間閉鎖される。"),
        ("МОСКВА, 12 мая. /ТАСС/. ", "Порт закроют на шесть недель."),
        ("МОСКВА, 12 мая — РИА Новости. ", "Порт закроют на шесть недель."),
        ("МОСКВА (Рейтер) - ", "Порт закроют на шесть недель."),
        ("طوكيو (رويترز) - ", "أغلقت الحكومة الميناء."),
        ("नई दिल्ली (पीटीआई): ", "बंदरगाह बंद रहेगा।"),
        ("10:15 ", "The harbour is closed."),
        ("3:05 pm: ", "The harbour is closed."),
    ],
)
def test_a_dateline_of_any_script_is_left_out_and_the_time_in_a_live_blog(
    dateline: str, sentence: str
) -> None:
    text = dateline + sentence

    assert text[slice(*without_dateline(text, Span(0, len(text))))] == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Совет (все девять) проголосовал.",
        "Иванов (слева) — капитан порта.",
        "市政府（共九人）星期一投票。",
        "محمد صلاح (30 عاما) - لاعب.",
        "12.50 pounds is the price.",
        "Engineers replaced the gate.",
        "The council (all nine of them) voted on Monday.",
        "Port Ellery - a town of nine thousand - has one harbour.",
        "NATO says the harbour is safe.",
    ],
)
def test_a_sentence_without_a_dateline_keeps_its_place(sentence: str) -> None:
    assert without_dateline(sentence, Span(0, len(sentence))) == Span(0, len(sentence))
