"""Where sentences end, told by a table of hard cases in ten languages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_shared.text.sentences import sentences


def split(text: str, language: str | None) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


# "|" stands where a sentence must end; it is taken out before the text is split.
TRICKY = [
    ("en", "He met Mr. Smith. |They left."),
    ("en", "The U.S. Senate voted. |It passed."),
    ("en", "He lives in the U.S. |The law changed."),
    ("en", "J. K. Rowling wrote it. |So did J.R.R. Tolkien."),
    ("en", "It was No. 5 on the list. |No one knew."),
    ("en", "Prices rose 3.5 percent. |Wages did not."),
    ("en", "LONDON (AP) — The prime minister resigned. |Nobody cried."),
    ("en", "WASHINGTON - U.S. Senator Ann Lee met Gov. Ray Poe in St. Louis, Mo. on Tuesday."),
    ("en", "He left… |Then it rained."),
    ("en", "He left... and came back. |She stayed."),
    ("en", "“We won,” he said. |“It was hard.” |The crowd cheered."),
    ("en", '"Why?" Smith asked. |"Because."'),
    ("en", "He asked “really?” and left. |She stayed."),
    ("en", "He said, “I don't know. |Maybe tomorrow.” |Then he left."),
    ("en", "Orchard Inc. Chief Executive Tim Poe spoke. |Shares rose."),
    ("en", "He works for Orchard Inc. |The firm is small."),
    ("en", "Doors open at 5 p.m. Monday. |Police said so."),
    ("en", "It began at 5 p.m. |Police arrived."),
    ("en", "On Jan. 5 it snowed. |On Sept. 11, too."),
    ("en", "Is it true? |Yes! |It is."),
    ("en", "What?! |No way."),
    ("en", "He said so.[1] |She agreed."),
    ("en", "He left the town.|The train was late."),
    ("en", "She uses Node.js and example.com. |He does not."),
    ("en", "(He stayed.) |She went."),
    ("en", "The agency (E.P.A.) Administrator spoke. |He smiled."),
    ("en", "Sen. John Poe, R-Ariz., spoke. |He smiled."),
    ("en", "So did I. |The end was near."),
    ("en", "1. Buy milk. |2. Go home."),
    ("en", "He paid $3.50. |She paid €4."),
    ("en", "Full time, Harwick 1, Ellery 1. |Foul by Ray Poe."),
    ("en", "the gate broke on jan. 5. |the mayor was there. |nobody else was."),
    ("fr", "le port ferme lundi. |m. dupont proteste."),
    ("en", "She has a Ph.D. in law. |He has none."),
    ("de", "Am 3. Oktober feiert man. |Alle kommen."),
    ("de", "Das 20. Jahrhundert begann. |Die Welt staunte."),
    ("de", "Es geschah im Jahr 2020. |Danach war alles anders."),
    ("de", "Dr. Müller sprach z. B. über Häuser. |Er ging."),
    ("de", "„Wir gehen.“ |Sie blieben."),
    ("de", "Er kam um 8. |Die Tür war zu."),
    ("de", "Die Stadt hat ca. 3 Mio. Einwohner. |Viele ziehen weg."),
    ("de", "Der 1. FC Köln gewann. |Es war laut."),
    ("de", "Seit dem 5. Sept. 2024 fährt sie. |Alle kommen."),
    ("fr", "Le 5 janv. 2024, il neigeait. |Elle est restée."),
    ("es", "El 5 dic. 2024 nevó. |Nadie salió."),
    ("pt", "Em 5 dez. 2024 nevou. |Ninguém saiu."),
    ("it", "Il 5 gen. 2024 nevicava. |Nessuno è uscito."),
    ("fr", "Il regarde la mer. |Elle est calme."),
    ("fr", "M. Dupont est parti. |Mme Durand reste."),
    ("fr", "« Nous partons. » |Il est resté."),
    ("fr", "Il a dit : « Oui ! » |Elle rit."),
    ("fr", "Selon l’art. 5 du code, c’est permis. |Le juge hésite."),
    ("fr", "J.-C. Martin a voté. |Et vous ?"),
    ("fr", "Le 1er mai, l’usine ferme. |Pourquoi ?"),
    ("es", "El Sr. López llegó. |¿Quién lo vio? |Nadie."),
    ("es", "EE. UU. anunció aranceles. |La bolsa cayó."),
    ("es", "La pág. 12 lo dice. |¡Es cierto!"),
    ("es", "«Ganamos». |El público aplaudió."),
    ("pt", "O Sr. Silva chegou. |A Dra. Sousa saiu."),
    ("pt", "O art. 5 da lei mudou. |Ninguém protestou."),
    ("pt", "Custou 1.250,50 euros. |Foi caro."),
    ("pt", "A empresa é a Porto S.A. |Não respondeu."),
    ("pt", "“Não sei”, disse a ministra. |Depois saiu."),
    ("it", "Il Sig. Rossi è arrivato. |La Dott.ssa Bianchi è uscita."),
    ("it", "Ha parlato il prof. Verdi. |L'aula era piena."),
    ("it", "È costato 1.250,50 euro. |È caro."),
    ("it", "La società è la Ponte S.p.A. di Genova. |Non ha risposto."),
    ("it", "«Non lo so», ha detto la ministra. |Poi è uscita."),
    ("de", "Der Minister a. D. Poe lebt in Frankfurt a. M. und schweigt. |Niemand fragt ihn."),
    ("de", "Das war 44 v. Chr. in Rom, sagt die ev. Kirche. |Die Stadt glaubt es."),
    ("de", "Der Verein e.V. Norderhaven klagt, ehem. Fischer auch. |Das Urteil fällt im Mai."),
    ("es", "Los JJ.OO. Olímpicos empiezan hoy. |Nadie lo duda."),
    ("es", "El Excmo. Ayuntamiento y el dpto. Jurídico callan. |La plaza también."),
    ("fr", "C’était en 44 av. J.-C. Rome dormait encore. |Le sénat, non."),
    ("fr", "Selon l’éd. Gallimard, 3e coll. Blanche, c’est vrai. |Le public rit."),
    ("pt", "A casa é do séc. XIX e a rua, do séc. XX. |Ninguém mora ali."),
    ("pt", "O créd. Agrícola e a fac. Direito fecharam. |O aluno ficou."),
    ("it", "L’avv. Bianchi e il dott. Verdi tacciono. |Il giudice no."),
    ("it", "Nel 44 a.C. Roma dormiva. |Il senato no."),
    ("ru", "Новый отд. Связи и проф. Петров живут на ул. Мира. |Он ушёл."),
    (
        "en",
        "Approx. Twenty boats sank, said Lt. Cdr. Poe of the Harwick Dept. Harbours. |Nobody died.",
    ),
    ("ja", "「分からない。」と市長は言った。|彼は去った。"),
    ("ar", "أغلق الميناء ستة أسابيع. |هل يكفي ذلك؟ |لا أحد يعرف."),
    ("hi", "बंदरगाह छह हफ्ते बंद रहेगा। |नावें दूसरे घाट से चलेंगी।"),
    ("ru", "Г-н И. И. Петров ушёл. |Он вернётся в 5 ч. утра."),
    ("zh", "天气很好。|我们走吧！|你呢？"),
    ("zh", "“我们会赢。”他说。|大家笑了。"),
    ("ja", "雨が降った。|「行くよ。」と彼は言った。|終わり。"),
    ("ar", "وصل الرئيس. |هل سيبقى؟ |لا أحد يعرف."),
    ("hi", "डॉ. सिंह आए। |वे बोले। |क्या हुआ?"),
    ("ru", "В 2020 г. Россия и т. д. участвовала. |В. В. Петров был на ул. Ленина. |Он ушёл."),
    ("ko", "대통령이 도착했다. |그는 떠났다."),
    ("th", "สวัสดีครับ ผมชื่อสมชาย"),
    (None, "Mr. Smith went. |El Sr. López no."),
    ("xx", "Unus. |Duo."),
]


@pytest.mark.parametrize(("language", "marked"), TRICKY)
def test_sentences_end_where_a_reader_ends_them(language: str | None, marked: str) -> None:
    expected = [piece.strip() for piece in marked.split("|")]

    assert split(marked.replace("|", ""), language) == expected


def test_a_line_break_ends_a_sentence() -> None:
    assert split("A headline\nThe story. More", "en") == ["A headline", "The story.", "More"]


def test_lines_wrapped_at_a_fixed_width_are_read_on() -> None:
    text = (
        "The council of Harwick voted on Monday\nto repair the old harbour wall before\n"
        "the winter storms. Work on it begins in\nearly October, the mayor of Harwick said\n"
        "at a meeting.\n\nNobody objected"
    )

    assert [sentence[-9:] for sentence in split(text, "en")] == [
        "r storms.", " meeting.", " objected"
    ]  # fmt: skip


def test_what_holds_no_letter_and_no_digit_is_no_sentence() -> None:
    assert split("* * *\n\n!!!\n—", "en") == []


@given(
    st.text(alphabet="aB1 .?!\n\r\"“”)('…。 \u00a0»u", max_size=80), st.sampled_from(["en", "de"])
)
def test_sentences_are_in_order_apart_and_trimmed(text: str, language: str) -> None:
    found = sentences(text, language)

    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[s:e] == text[s:e].strip() != "" for s, e in found)


@given(st.text(alphabet="aB1 .?!\n\"“”)('…。 »", max_size=80))
def test_no_word_is_lost(text: str) -> None:
    kept = "".join(split(text, "en"))

    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    ("unit", "language"),
    [
        (".", "en"),
        ("“", "en"),
        ("x", "en"),
        ("a b\n", "en"),
        ("y 5. ", "de"),
        ("我！", "zh"),
        (" .", "en"),
    ],
)
def test_a_hostile_mebibyte_comes_to_an_end(unit: str, language: str) -> None:
    text = unit * ((1 << 20) // len(unit))

    found = sentences(text, language)

    assert all(start < end <= len(text) for start, end in found)
