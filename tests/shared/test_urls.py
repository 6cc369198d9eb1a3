"""One spelling for all spellings of an address, and ids for articles without one."""

import re

import pytest

from backstory_shared.urls import canonical_url, id_from_content, id_from_url


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("HTTPS://Example.COM/A", "https://example.com/A"),
        ("http://example.com:80", "http://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com/a/", "https://example.com/a"),
        ("https://example.com/a#top", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&id=3&fbclid=y", "https://example.com/a?id=3"),
        ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
        ("https://example.com/a?q=", "https://example.com/a?q="),
        ("https://example.com/x/../a/./b", "https://example.com/a/b"),
        ("https://example.com/%7ejo/caf%c3%a9", "https://example.com/~jo/caf%C3%A9"),
        ("https://example.com/~jo/café", "https://example.com/~jo/caf%C3%A9"),
        ("https://Bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("  https://example.com/a\n", "https://example.com/a"),
    ],
)
def test_spellings_of_one_address_share_a_form(spelling: str, canonical: str) -> None:
    assert canonical_url(spelling) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/a",
        "ftp://example.com/a",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https://user:secret@example.com/",
        "https://exa mple.com/",
        "https://example.com\\@evil.example/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://[::1",
        "https://a..b/",
        "https://example.com/\x00",
        "https://example.com/\ud800",
        "https://\u2100.example/",
        "https://" + "a" * 300 + ".example/",
    ],
)
def test_what_is_no_web_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^The address ") as refusal:
        canonical_url(url)

    assert "example" not in str(refusal.value)


def test_the_same_page_has_the_same_id_over_http_and_https() -> None:
    assert id_from_url("http://example.com/a") == id_from_url("https://example.com/a")
    assert id_from_url("https://example.com/a") != id_from_url("https://example.com/b")


def test_the_same_words_have_the_same_id() -> None:
    assert id_from_content("A  title", "Café\r\n") == id_from_content("A title ", "Cafe\u0301")
    assert id_from_content("A title", "One") != id_from_content("A title", "Two")


@pytest.mark.parametrize("made", [id_from_url("https://example.com/a"), id_from_content("a", "b")])
def test_ids_are_made_of_what_ids_may_contain(made: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._:~-]{1,200}", made)
