"""The model card: the template in model_card.md, filled with what was made and measured."""

import json
from collections.abc import Mapping
from pathlib import Path

from training import glosses

HERE = Path(__file__).parent


def write_card(folder: Path, facts: Mapping[str, object]) -> None:
    """README.md and NOTICE of a finished model folder; `facts` is what only its making knows."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    template = (HERE / "model_card.md").read_text(encoding="utf-8")
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    card = template.format_map({**config, **facts, "size": size})
    (folder / "README.md").write_text(card, encoding="utf-8")
    notice = (HERE.parent / "NOTICE").read_text(encoding="utf-8")
    (folder / "NOTICE").write_text(notice + glosses.NOTICE, encoding="utf-8")
