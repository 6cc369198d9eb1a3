"""The admin routes: comparing the index with the ledger, and making it again."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict

from fastapi import APIRouter, Depends

from backstory_summarize.verify import ReindexAll, VerifyIndex


def routes(
    verify: VerifyIndex, reindex: ReindexAll, guard: Callable[..., Awaitable[None]]
) -> APIRouter:
    router = APIRouter(prefix="/v1/admin", tags=["admin"], dependencies=[Depends(guard)])

    @router.post("/verify")
    def verify_index() -> dict[str, int]:
        """Compare the index with the ledger, and put right what differs."""
        return asdict(verify())

    @router.post("/reindex", status_code=202)
    def reindex_all() -> dict[str, int]:
        """Embed and index every article again; search stays up."""
        return {"requeued": reindex()}

    return router
