"""A summary's life over HTTP, through the apps of many machines, on every ledger.

Between two requests a worker does what is due, or fails at it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

import backstory_ingest.api
import backstory_search.api
from backstory_ingest.service import ingesting
from backstory_search import pages
from backstory_search.orders import MemoryOrders
from backstory_search.service import reading_over
from backstory_shared.adapters.embedders import open_embedder
from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.ports import ModelChoice
from backstory_shared.stages import MAX_ERRORS, Lane, Reason, Stage
from backstory_shared.web import HttpMetrics, Limits, add_web_basics, key_guard
from backstory_summarize.runner import StageRunner
from backstory_summarize.summarize import SummarizeStage
from backstory_summarize.work import StageWork
from support.clocks import FakeClock
from support.harbours import STORIES
from support.ingest import AtOnce, Bell
from support.server import serving
from support.stage_work import Poison

Json = dict[str, Any]
ID = "harbour"
PATH = f"/v1/articles/{ID}"
HAND = "No ferries from Port Ellery until the sea gate has been replaced."
CHANGED = (
    "The harbour at Port Ellery opens again on Monday, three weeks early, the port authority said.",
    "The sea gate at Port Ellery was hung on Friday, and the ferries sail at noon, the port said.",
    "The ferries of Port Ellery are free on Monday, since the sea gate holds, the council said.",
)


@dataclass(frozen=True)
class Desk:
    """The two services, and a worker that works when it is told to."""

    ingest: httpx.Client
    search: httpx.Client
    ledger: SqlLedger
    clock: FakeClock

    def send(self, text: str) -> None:
        article = {"id": ID, "title": "Harbour to close", "text": text, "language": "en"}
        assert self.ingest.post("/v1/articles", json=article).status_code == 202
        self.clock.tick()

    def decide(self, **edit: Any) -> Json:
        answer = self.ingest.put(f"{PATH}/summary", json=edit)
        self.clock.tick()
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        assert found == self.summary()
        return found

    def summary(self) -> Json:
        answer = self.search.get(f"{PATH}/summary")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def state(self) -> tuple[str, str | None]:
        """As the API says it, and what lists show."""
        items = self.search.get("/v1/articles").json()["items"]
        return self.summary()["state"], items[0]["summary"]

    def history(self) -> list[str]:
        items = self.search.get(f"{PATH}/summary/history").json()["items"]
        return [item["act"] for item in items]

    def page(self) -> str:
        return self.search.get(f"/articles/{ID}").text

    def work(self, stage: StageWork | None = None) -> None:
        """What is due now."""
        does = stage or SummarizeStage(self.ledger.reading, AtOnce())
        runner = StageRunner(self.ledger.working, {Stage.SUMMARIZE: does})
        while runner.run(Stage.SUMMARIZE, Lane.LIVE):
            self.clock.tick()

    def fail(self) -> None:
        """Until it is not tried again."""
        poison = Poison(ID, Reason(type="stage-failed", detail="The stage raised."))
        for _ in range(MAX_ERRORS):
            self.clock.tick(24 * 3600)
            self.work(poison)


def _app(router: APIRouter) -> FastAPI:
    app = FastAPI()
    add_web_basics(app, limits=Limits(), metrics=HttpMetrics(CollectorRegistry()))
    app.include_router(router)
    return app


def _client(app: FastAPI, stack: ExitStack) -> httpx.Client:
    server = stack.enter_context(serving(app))
    return stack.enter_context(httpx.Client(base_url=server.url, timeout=60))


@pytest.fixture
def desk(ledger: SqlLedger, clock: FakeClock, tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        embedder = open_embedder(ModelChoice(BUNDLED.name))
        index = stack.enter_context(closing(EdgeIndex.open(tmp_path / "index", embedder.model)))
        ingest = stack.enter_context(ingesting(ledger, Bell(), AtOnce(), lambda: False))
        reading = reading_over(ledger, index, embedder, MemoryOrders(clock), b"secret")
        search = _app(backstory_search.api.routes(reading))
        pages.add_pages(search, reading)
        yield Desk(
            ingest=_client(_app(backstory_ingest.api.routes(ingest, key_guard(None))), stack),
            search=_client(search, stack),
            ledger=ledger,
            clock=clock,
        )


def test_a_summary_goes_through_all_its_states(desk: Desk) -> None:
    desk.send(STORIES["en"])
    assert desk.state() == ("pending", None)

    desk.work()
    made = desk.summary()
    assert made["state"] == "ready"
    assert desk.decide(approved=True)["approved"]

    desk.send(CHANGED[0])
    assert desk.state() == ("stale", None)
    assert desk.summary()["text"] is None
    assert made["text"] not in desk.page()

    desk.work()
    assert desk.state() == ("ready", CHANGED[0])
    assert not desk.summary()["approved"]

    assert desk.decide(disabled=True)["text"] is None
    assert desk.state() == ("disabled", None)
    assert desk.decide(disabled=False)["text"] == CHANGED[0]
    assert desk.history() == ["enabled", "disabled", "made", "approved", "made"]


def test_an_editors_text_stays_and_the_change_of_the_article_is_shown(desk: Desk) -> None:
    desk.send(STORIES["en"])
    desk.work()
    content = desk.summary()["provenance"]["content_hash"]

    written = desk.decide(text=HAND, revision=1)
    assert (written["state"], written["text"], written["method"]) == ("ready", HAND, "editor")
    assert written["locked"]
    assert written["approved"]
    told = desk.history()
    desk.decide(text=HAND, revision=1)
    desk.decide(approved=True)
    assert desk.history() == told
    assert desk.decide(approved=False)["provenance"] == written["provenance"]

    assert desk.ingest.post(f"{PATH}/summary").status_code == 202
    desk.work()
    assert desk.state() == ("ready", HAND)

    desk.send(CHANGED[0])
    desk.work()
    shown = desk.summary()
    assert (shown["state"], shown["text"], shown["approved"]) == ("stale", HAND, False)
    assert shown["provenance"] == written["provenance"]
    assert desk.state() == ("stale", None)
    assert (written["provenance"]["revision"], written["provenance"]["content_hash"]) == (
        1,
        content,
    )
    assert "The article has changed since" in desk.page()

    late = desk.ingest.put(f"{PATH}/summary", json={"approved": True, "revision": 1})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/edit-conflict")
    still_fits = desk.decide(approved=True, revision=2)
    assert (still_fits["state"], still_fits["provenance"]["revision"]) == ("ready", 2)
    assert still_fits["provenance"]["made_at"] > written["provenance"]["made_at"]
    assert "The article has changed since" not in desk.page()

    assert desk.decide(text=None)["text"] == CHANGED[0]
    assert desk.history()[0] == "text removed"


def test_one_that_cannot_be_made_is_failed_until_it_is_tried_again(desk: Desk) -> None:
    desk.send(STORIES["en"])
    desk.fail()
    assert desk.state() == ("failed", None)

    assert desk.ingest.post(f"{PATH}/retry").status_code == 202
    assert desk.state() == ("pending", None)
    desk.work()
    made = desk.summary()
    assert made["state"] == "ready"

    assert desk.ingest.post(f"{PATH}/summary").status_code == 202
    desk.clock.tick()
    desk.work()
    again = desk.summary()
    assert again["text"] == made["text"]
    assert again["provenance"]["made_at"] > made["provenance"]["made_at"]

    assert desk.ingest.delete(PATH).status_code in (200, 202, 204)
    assert desk.search.get(f"{PATH}/summary").status_code == 410
    assert desk.ingest.put(f"{PATH}/summary", json={"text": HAND}).status_code == 410
