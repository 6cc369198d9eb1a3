"""Health: is the process alive, can it do its own work, and what is it."""

from collections.abc import Sequence

import anyio
import structlog
from anyio import to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from backstory_shared.checks import Check

_PATIENCE = 2.0

_log = structlog.stdlib.get_logger("backstory.web")


def health_routes(checks: Sequence[Check], version: str) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/livez")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        broken = [check for check in checks if not await _works(check)]
        missing = [check.name for check in broken if check.required]
        degraded = [check.name for check in broken if not check.required]
        status = "unavailable" if missing else "degraded" if degraded else "ready"
        return JSONResponse(
            {"status": status, "missing": missing, "degraded": degraded},
            status_code=503 if missing else 200,
        )

    @router.get("/version")
    async def version_() -> dict[str, str]:
        return {"name": "backstory", "version": version}

    return router


async def _works(check: Check) -> bool:
    with anyio.move_on_after(_PATIENCE):
        return await to_thread.run_sync(_pings, check, abandon_on_cancel=True)
    return False


def _pings(check: Check) -> bool:
    try:
        check.ping()
    except Exception as error:  # noqa: BLE001 - whatever a ping raises is its answer
        _log.warning("check_failed", check=check.name, error=type(error).__name__)
        return False
    return True
