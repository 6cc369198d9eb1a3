"""What may stand in a summary: sentences of the news that are whole. See `leaning` for the rest."""

import re
from collections.abc import Iterator, Sequence

from backstory_shared.articles import Span
from backstory_shared.text.furniture import LEAD_INS

#: "LONDON (AP) — ", "PORT ELLERY, Nov 2 – ", "Berlin (dpa) - ", "(CNN)", "Roma, 12 mag. (ANSA) - ":
#: where a story was written, which is no part of its first sentence.
_PLACE = r"[A-ZÀ-Þ][\w.'’À-ÿ]*(?:[ ,/-]+[\w.'’À-ÿ]+){0,5}"
_DASH = r"\s*\.?[-–—:]{1,2}\s*"
_AGENCY = r"\((?:[A-Z][\w./ -]{1,29}|dpa|afp|efe|ansa|askanews)\)"
_DATELINE = re.compile(
    rf"{_PLACE},?\s*{_AGENCY}{_DASH}"
    rf"|{_AGENCY}{_DASH}"
    rf"|(?:{_PLACE},?\s*)?\((?:CNN|AP|AFP|Reuters|UPI|EFE)[^)]{{0,24}}\)\s*(?=[\"“'‘]?[A-ZÀ-Þ0-9])"
    r"|[A-ZÀ-Þ][A-ZÀ-Þ.'’ ]{2,40}(?:, [\w. ]{2,25})?\s*\.?[-–—]{1,2}\s+"
    # "(Rolling Stone)Kanye West": no blank where the site had a line break.
    r"|\((?:[A-Z][\w.'’]*\s?){1,4}\)(?=[A-ZÀ-Þ])"
    # "東京（ロイター）— ", "МОСКВА (Рейтер) - ", "[東京 2日 ロイター] - ": in other scripts.
    r"|(?:[^\W\dA-Za-zÀ-ɏА-яЁё][\w\u0900-\u097f ,.、'-]{1,40}"
    r"|[А-ЯЁ][А-ЯЁ -]{1,30}(?:, \d{1,2} [а-яё]{3,8})?)"
    r"\s?[(（][^()（）\d\n]{2,20}[)）]\s*[-–—―－:：]{1,2}\s*"
    r"|[\[［][^\W\dA-Za-z][^\[\]［］\n]{2,25}[\]］]\s*[-–—―－]{1,2}\s*"
    # "МОСКВА, 12 мая. /ТАСС/. ", "新华社北京5月12日电 ".
    r"|[А-ЯЁ][А-ЯЁа-яё -]{1,30}, \d{1,2} [а-яё]{3,8}\.? ?"
    r"(?:/[\w -]{2,20}/\.?|[-–—] [\w ]{2,20}\.)\s*"
    r"|(?:新华社|中新社|中新网|中央社)[\u3400-\u9fff]{0,10}\d{1,2}月\d{1,2}日电\s*"
    r"(?:[(（][^()（）\n]{2,20}[)）])?\s*"
)
#: The sign or the number before an item of a list; the time before what a live blog tells.
_BULLET = re.compile(
    r"[-•*·▪●►]\s+(?=\w)|\d{1,2}[.)]\s+(?=[A-ZÀ-Þ])"
    r"|\d{1,2}[:.h]\d\d\s?(?:(?:[ap]\.?m\.?|GMT|BST|EST|EDT|CET|Uhr)\b)?\s*[-–—:|]?\s+(?=[A-ZÀ-Þ])"
)
#: Who speaks, in a transcript; where but one paragraph begins so, it is a place: "DELHI: ...".
_LABEL = re.compile(r"[A-ZÀ-Þ](?:[A-ZÀ-Þ.'’ -]{0,30}[A-ZÀ-Þ.])?:\s+(?=\S)")
_SPEAKERS = 2
_OPEN = {"“": "”", "„": "“", "«": "»", "「": "」", "『": "』", "»": "«"}
_BRACKETS = (("(", ")"), ("[", "]"), ("（", "）"))
_LONGEST_WORDS = 60
_SHORTEST_WORDS = 6
#: A quotation that is open so many sentences long was never opened: a mark was forgotten.
_LONGEST_QUOTATION = 6
_ENDS = re.compile(r"[.!…。！｡．।۔።։][\"”“’'»›)\]」』）]*$|[\"”’»][.!]$")
_QUESTION = re.compile(r"[?？؟;]\W{0,3}$|^[¿]")
_BLANK_STOP = re.compile(r"\s[.!]$")
#: Marks by which a quotation opens or closes; a straight one by the blank beside it.
_MARK = re.compile(r"(?P<opens>[“„«「『]|(?:(?<=[\s(\[—–-])|^)\"(?=\S))|(?P<closes>[”»」』]|\")")
#: Captions, credits and what newspapers say about themselves. Both meet a sentence in lower case.
_CAPTION = re.compile(
    r"(?:(?:file |stock |archive )?(?:photo|picture|image|video|graphic|caption|watch|listen|"
    r"pictured|foto|bild|imagen|vidéo|photograph|illustration|infographic)s?\b\s*"
    r"(?:[:|/–—-]|by\b|of\b|shows?\b|courtesy\b|above\b|below\b|von\b|de\b|d'|per\b|di\b))"
    r"|(?:above|below|left|right|top|bottom|from left|clockwise)[:,]"
    r"|(?:click|tap|scroll|swipe|read more|see also|related|editor['’]s note|correction|note)"
    r"\b.{0,3}[:\s]|(?:.{0,30}\band )?welcome to (?:our|the) live (?:coverage|blog)\b"
    r"|here['’]?i?s what we know\b|reporting by\b|follow @|©|copyright\b"
)
_CREDIT = re.compile(
    r"\((?:l-r|pictured|left|right|above|centre|center|foto|bild)\)|\bpictured (?:above|below)\b"
    r"|\bcontributed to this (?:report|story|article|piece)"
    r"|\b(?:reported|wrote|reporting) from\b[^,]{1,40}(?:, (?:and|with) .{1,60})?\.$"
    r"|\b(?:all rights reserved|terms of use|privacy policy|sign up for|subscribe to)\b"
    r"|\b(?:opinions?|views?) expressed (?:in|by|here)\b|\bproduced solely by\b|\bgetty images\b.{0,12}$|https?://|www\."
)
#: One of these is in every sentence that `_CREDIT` finds something in: looking for them is quicker.
_CREDITED = (
    *("(", "pictured", "contributed", "rights reserved", "terms of use", "privacy policy"),
    *(
        "sign up",
        "subscribe",
        "expressed",
        "solely by",
        "wrote from",
        "reported from",
        "reporting from",
        "getty",
        "http",
        "www.",
    ),
)

#: What an opinion piece says of its writer ends with such a sentence, and is not the story.
_DISCLAIMER = re.compile(r"\b(?:opinions?|views?) expressed (?:in|by|here)\b", re.IGNORECASE)
_ABOUT_THE_WRITER = 5
_NOTE = re.compile(
    r"\W{0,2}(?:(?:editor|author|publisher)['’]?s['’]? note|correction)\b", re.IGNORECASE
)


def without_dateline(text: str, span: Span) -> Span:
    """The sentence from where it really begins: after the dateline, or the sign of a list."""
    found = _DATELINE.match(text, span.start, span.end)
    if not found and (span.start == 0 or text[span.start - 1] == "\n"):
        found = _BULLET.match(text, span.start, span.end)
    return Span(found.end(), span.end) if found and found.end() < span.end else span


def is_whole(sentence: str, words: int) -> bool:
    """No fragment, no question, no caption, no half quotation, neither too short nor too long."""
    return (
        _SHORTEST_WORDS <= words <= _LONGEST_WORDS
        and _ENDS.search(sentence) is not None
        and not _QUESTION.search(sentence)
        and not _BLANK_STOP.search(sentence)
        and not _is_furniture(sentence.lower())
        and is_balanced(sentence)
    )


def without_place(text: str, span: Span) -> Span:
    """The first sentence of a story that is no transcript, without "DELHI: "."""
    found = _LABEL.match(text, span.start, span.end)
    return Span(found.end(), span.end) if found else span


def spoken_on(sentences: Sequence[str], begins_paragraph: Sequence[bool]) -> list[bool]:
    """Of each sentence of a transcript, whether the speaker is named before it in its paragraph.

    "POE: Thank you. I want to speak of the harbour." Nothing where there are not two such
    paragraphs: that is no transcript.
    """
    labels = [
        begins and _LABEL.match(said) is not None
        for said, begins in zip(sentences, begins_paragraph, strict=True)
    ]
    if sum(labels) < _SPEAKERS:
        return []
    found, speaking = [], False
    for label, begins in zip(labels, begins_paragraph, strict=True):
        speaking = label if begins else speaking
        found.append(speaking and not begins)
    return found


def notices(sentences: Sequence[str], begins_paragraph: Sequence[bool]) -> list[bool]:
    """Of each sentence, whether it speaks of the article or its writer, and not of the news.

    That is a paragraph that begins with "Editor's note:", and what comes before "The views
    expressed in this commentary ..." at the beginning.
    """
    first = enumerate(sentences[:_ABOUT_THE_WRITER])
    told = max((place + 1 for place, said in first if _DISCLAIMER.search(said)), default=0)
    parted = any(begins_paragraph[1:])  # else a note ends nobody knows where
    found, note = [], False
    for place, (said, begins) in enumerate(zip(sentences, begins_paragraph, strict=True)):
        note = parted and (_NOTE.match(said) is not None if begins else note)
        found.append(note or place < told)
    return found


def _is_furniture(said: str) -> bool:
    return bool(
        _CAPTION.match(said)
        or LEAD_INS.match(said)
        or (any(map(said.__contains__, _CREDITED)) and _CREDIT.search(said))
    )


def is_balanced(sentence: str) -> bool:
    """Whether every quotation and bracket that opens here closes here, and the other way round."""
    return (
        sentence.count('"') % 2 == 0
        and _quotes_pair(sentence)
        and _single_quotes_pair(sentence)
        and all(sentence.count(opens) == sentence.count(closes) for opens, closes in _BRACKETS)
    )


def within_quotations(sentences: Sequence[str], begins_paragraph: Sequence[bool]) -> list[bool]:
    """Of each sentence, whether it stands inside a quotation that others open or close.

    A new paragraph ends a quotation, unless it opens one again as long speeches do.
    """
    return list(_walked(sentences, begins_paragraph))


def _walked(sentences: Sequence[str], begins_paragraph: Sequence[bool]) -> Iterator[bool]:
    since = 0  # how many sentences ago a quotation was opened that is open still
    low = False  # whether it opened with „
    for sentence, begins in zip(sentences, begins_paragraph, strict=True):
        if begins or since > _LONGEST_QUOTATION:
            since, low = 0, False
        inside = since > 0
        is_open = inside
        for mark in _MARK.finditer(sentence):
            low = mark[0] == "„" or (low and mark[0] != "”")
            # “ closes what „ has opened, and opens otherwise.
            is_open = mark["opens"] is not None and not (low and is_open and mark[0] == "“")
            low = low and is_open
        since = since + 1 if is_open else 0
        yield inside


def begins_small(sentence: str) -> bool:
    """A fragment, unless it is a name like iPhone."""
    first = next((c for c in sentence[:4] if c.isalpha()), "")
    return first.islower() and not sentence[1:2].isupper()


def _quotes_pair(sentence: str) -> bool:
    closing: list[str] = []
    for character in sentence:
        if closing and character == closing[-1]:
            closing.pop()
        elif character in _OPEN and not (character == "»" and not closing):
            closing.append(_OPEN[character])
        elif character in "”»」』":
            return False
    return not closing


def _single_quotes_pair(sentence: str) -> bool:
    """'We won,' he said. An apostrophe closes nothing, so only what opens is looked at."""
    opened = sentence.count("‘") + len(re.findall(r"(?:^|[\s(])'(?=\w)", sentence))
    closed = len(re.findall(r"[\w.,!?…-]['’](?=\W|$)", sentence))
    return opened <= closed
