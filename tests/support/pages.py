"""Pages as a test reads them: parsed, with their words and links."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import html

from backstory_search.api import Reading
from backstory_search.pages import add_pages
from backstory_shared.web import add_problem_handlers


@dataclass(frozen=True)
class Sheet:
    """One page."""

    status: int
    headers: Any
    tree: Any

    def words(self, path: str = "//body") -> str:
        """The text of the first element found, blanks folded."""
        found = self.tree.xpath(path)
        return " ".join(found[0].text_content().split()) if found else ""

    def all_words(self, path: str) -> list[str]:
        return [" ".join(each.text_content().split()) for each in self.tree.xpath(path)]

    def get(self, path: str) -> list[str]:
        """The values of an XPath that names attributes."""
        return [str(value) for value in self.tree.xpath(path)]

    def href(self, words: str) -> str:
        """Where the first link with these words leads."""
        links = self.tree.xpath("//a[contains(normalize-space(), $words)]", words=words)
        return str(links[0].get("href"))


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser that runs no scripts."""

    client: TestClient

    def opens(self, address: str, **query: Any) -> Sheet:
        answer = self.client.get(address, params=query or None)
        parser = html.HTMLParser(encoding="utf-8")
        return Sheet(
            answer.status_code, answer.headers, html.fromstring(answer.content, parser=parser)
        )


@contextmanager
def visiting(reading: Reading) -> Iterator[Visitor]:
    app = FastAPI()
    add_problem_handlers(app)
    add_pages(app, reading)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Visitor(client)
