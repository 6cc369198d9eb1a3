"""The stages, over whatever ledger, index and compute a root has chosen."""

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.openings import Openings
from backstory_shared.ports import Compute
from backstory_shared.stages import Stage
from backstory_summarize.change_model import EveryGeneration
from backstory_summarize.runner import StageRunner
from backstory_summarize.summarize import SummarizeStage
from backstory_summarize.work import StageWork


def stage_runner(ledger: SqlLedger, openings: Openings, compute: Compute) -> StageRunner:
    stages: dict[Stage, StageWork] = {
        Stage.SUMMARIZE: SummarizeStage(ledger.reading, compute),
        Stage.INDEX: EveryGeneration(ledger.reading, compute, openings),
    }
    return StageRunner(ledger.working, stages)
