"""The admin routes: comparing the index with the ledger, making it again, and moving house."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from backstory_shared.web.parameters import KNOWN_PARAMETERS
from backstory_summarize.change_model import VerifyEveryIndex
from backstory_summarize.verify import ReindexAll


def routes(
    verify: VerifyEveryIndex,
    reindex: ReindexAll,
    export: Callable[[], Iterator[bytes]],
    guard: Callable[..., Awaitable[None]],
) -> APIRouter:
    router = APIRouter(
        prefix="/v1/admin", tags=["admin"], dependencies=[Depends(guard), *KNOWN_PARAMETERS]
    )

    @router.post("/verify")
    def verify_index() -> dict[str, int]:
        """Compare the index with the ledger, and put right what differs."""
        return asdict(verify())

    @router.post("/reindex", status_code=202)
    def reindex_all() -> dict[str, int]:
        """Embed and index every article again; search stays up."""
        return {"requeued": reindex()}

    @router.get("/export", response_class=StreamingResponse)
    def export_ledger() -> StreamingResponse:
        """The whole ledger as of now, a line a row; the last line says that it is whole."""
        return StreamingResponse(export(), media_type="application/x-ndjson")

    return router
