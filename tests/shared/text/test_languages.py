"""Which language a text is written in."""

import pytest

from backstory_shared.text.languages import LanguageDetector


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council said on Monday that the harbour wall would be repaired."),
        ("de", "Der Rat teilte am Montag mit, dass die Hafenmauer repariert wird."),
        ("es", "El ayuntamiento anunció el lunes que el muro del puerto será reparado."),
        ("fr", "Le conseil a annoncé lundi que le mur du port serait réparé."),
        ("ru", "Городской совет сообщил в понедельник, что стену порта отремонтируют."),
        ("ar", "أعلن المجلس يوم الاثنين أنه سيتم إصلاح جدار الميناء."),
        ("zh", "市议会星期一宣布将在冬天之前修复港口的墙。"),
        ("ja", "市議会は月曜日、港の壁を修理すると発表した。"),
    ],
)
def test_the_language_of_a_sentence_is_told(
    detector: LanguageDetector, language: str, text: str
) -> None:
    assert detector.detect(text) == language


@pytest.mark.parametrize(
    "text",
    ["", "Lima", "1,234 5,678 9,012 3,456", "http://example.com/a-very-long-address", "x" * 900],
)
def test_too_little_to_tell_is_no_language(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text) is None


def test_only_the_beginning_is_read(detector: LanguageDetector) -> None:
    english = "The council said on Monday that the harbour wall would be repaired. " * 10

    assert detector.detect(english + "Der Rat teilte am Montag mit. " * 1000) == "en"
