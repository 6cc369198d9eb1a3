"""Reading one article from a file or from standard input, whatever form it has."""

import json
from pathlib import Path
from typing import Any


class Unreadable(Exception):
    """The input is not what it should be; the message is one plain sentence."""


def golden_from(name: str, content: bytes) -> list[dict[str, Any]]:
    """Queries and what should be found, one JSON object a line."""
    found = []
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            found += [json.loads(line)] if line.strip() else []
        except ValueError as error:
            raise Unreadable(f"Line {number} of {name} is not valid JSON.") from error
    return found


def article_from(name: str, content: bytes) -> dict[str, Any]:
    """The article's JSON body: of a .json file, an .html page, or plain text with a title line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name} is not UTF-8 text.") from error
    if not text.strip():
        raise Unreadable(f"{name} is empty.")
    suffix = Path(name).suffix.lower()
    if suffix in (".html", ".htm") or text.lstrip()[:15].lower().startswith(("<!doctype", "<html")):
        return {"html": text}
    if suffix == ".json" or text.lstrip().startswith("{"):
        return _json(name, text)
    return _plain(name, text)


def _json(name: str, text: str) -> dict[str, Any]:
    try:
        article = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"{name} is not valid JSON: see {where}.") from error
    except (ValueError, RecursionError) as error:  # a number or a nesting beyond all measure
        raise Unreadable(f"{name} is not valid JSON.") from error
    if not isinstance(article, dict):
        raise Unreadable(f"{name} is not one article. Use `backstory import` for many.")
    return article


def _plain(name: str, text: str) -> dict[str, Any]:
    title, _, body = text.strip().partition("\n")
    if not body.strip():
        raise Unreadable(f"{name} has no text below its first line, which is taken as the title.")
    return {"title": title.strip(), "text": body.strip()}
