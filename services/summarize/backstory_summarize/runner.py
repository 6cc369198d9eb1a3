"""StageRunner: claim a batch, do it, and tell the ledger how it went."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from backstory_shared.errors import OutOfTime, StageError, Unavailable, WorkerDied
from backstory_shared.ports import Batch, WorkLedger
from backstory_shared.readers import MakeWay, go_on
from backstory_shared.stages import BATCH, Lane, Reason, Stage
from backstory_summarize.work import StageWork, Work

log = structlog.get_logger()


@dataclass(frozen=True)
class StageRunner:
    """What a doorbell sets in motion, whoever rings it. It makes way before each of its steps."""

    ledger: WorkLedger
    stages: Mapping[Stage, StageWork]
    make_way: MakeWay = go_on

    def run(self, stage: Stage, lane: Lane) -> bool:
        """Do one batch; False if nothing was due, or nothing can be done at the moment."""
        self.make_way()
        batch = self.ledger.claim(stage, lane, BATCH[stage])
        if batch is None:
            return False
        try:
            self.make_way()
            work = self.stages[stage].do(batch)
            self.make_way()
            self._keep(batch, work)
        except WorkerDied as error:
            self._lose(batch, _reason(error))
        except OutOfTime as error:
            self._out_of_time(batch, _reason(error))
        except StageError as error:
            self._fail(batch, dict.fromkeys(_ids(batch), _reason(error)))
        except Unavailable as error:
            log.warning("stage_unavailable", stage=stage, reason=error.type, detail=error.detail)
            self.ledger.release(batch)
            return False
        except Exception as error:
            log.exception("stage_raised", stage=stage)
            raised = Reason(type="stage-failed", detail=f"The code raised {type(error).__name__}.")
            self._fail(batch, dict.fromkeys(_ids(batch), raised))
        return True

    def _keep(self, batch: Batch, work: Work) -> None:
        kept = self.ledger.finish(batch, work.results)
        if work.failures:
            self._fail(batch, work.failures)
        # An import would drown everything else in lines.
        level = logging.INFO if batch.lane is Lane.LIVE else logging.DEBUG
        for item in batch.items:
            if item.article_id in kept:
                log.log(
                    level,
                    "stage_done",
                    stage=batch.stage,
                    article_id=item.article_id,
                    revision=item.revision,
                    correlation_id=item.correlation_id,
                )

    def _fail(self, batch: Batch, reasons: Mapping[str, Reason]) -> None:
        self.ledger.fail(batch, reasons)
        for article_id, reason in reasons.items():
            log.warning(
                "stage_error", stage=batch.stage, article_id=article_id, reason=reason.detail
            )

    def _lose(self, batch: Batch, reason: Reason) -> None:
        self.ledger.lose(batch, _ids(batch), reason)
        log.warning("stage_lost", stage=batch.stage, articles=len(batch.items), reason=reason.type)

    def _out_of_time(self, batch: Batch, reason: Reason) -> None:
        """Alone, the article is to blame; in company nobody knows, so each goes alone next."""
        if len(batch.items) == 1:
            self._fail(batch, dict.fromkeys(_ids(batch), reason))
        else:
            self._lose(batch, reason)


def _ids(batch: Batch) -> list[str]:
    return [item.article_id for item in batch.items]


def _reason(error: StageError) -> Reason:
    return Reason(type=error.type, detail=error.detail)
