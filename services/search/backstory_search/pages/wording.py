"""Dates, counts and names of languages, in the words of the pages."""

import re
from datetime import UTC, datetime
from math import ceil

from backstory_search.pages.views import When

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_LANGUAGES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
#: Scripts that put no blanks between words: there, characters are counted.
_IDEOGRAPH = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_WORDS_A_MINUTE = 230
_IDEOGRAPHS_A_MINUTE = 450
_HEADING = 120


def day(moment: datetime) -> When:
    at = moment.astimezone(UTC)
    return When(at.isoformat(), f"{at.day} {_MONTHS[at.month - 1]} {at.year}")


def day_and_time(moment: datetime) -> When:
    """With the time of day, unless it is midnight: that is how a date without one is kept."""
    at, date = moment.astimezone(UTC), day(moment)
    if (at.hour, at.minute) == (0, 0):
        return date
    return When(date.iso, f"{date.text}, {at:%H:%M} UTC")


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shortened(text: str) -> str:
    """As much of it as fits into a heading."""
    return text if len(text) <= _HEADING else f"{text[:_HEADING].rstrip()}…"


def language_name(code: str) -> str:
    return _LANGUAGES.get(code.lower(), code)


def reading_time(text: str) -> str:
    ideographs = len(_IDEOGRAPH.findall(text))
    words = len(_WORD.findall(_IDEOGRAPH.sub(" ", text)))
    minutes = words / _WORDS_A_MINUTE + ideographs / _IDEOGRAPHS_A_MINUTE
    return f"{max(1, ceil(minutes))} min read"
