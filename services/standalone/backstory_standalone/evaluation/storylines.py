"""The sample archive's articles, of which it is known what stories they tell."""

import json
from datetime import datetime

from backstory_shared.text.boilerplate import boilerplate, story
from backstory_standalone.evaluation.shelf import Told
from backstory_standalone.sample import articles_path, labels


def sample() -> list[Told]:
    """The sample archive, oldest first; boilerplate is left out."""
    said = labels()
    story_of = {id_: slug for slug, one in said.storylines.items() for id_ in one.articles}
    lines = map(json.loads, articles_path().read_text(encoding="utf-8").splitlines())
    latest = {line["id"]: line for line in lines}
    return sorted(
        (
            Told(
                id=line["id"],
                title=line["title"],
                text=story(line["text"], boilerplate(line["text"], line["title"])),
                language=line["language"],
                published_at=datetime.fromisoformat(line["published_at"]),
                story=story_of.get(line["id"]),
            )
            for line in latest.values()
        ),
        key=lambda told: (told.published_at, told.id),
    )
