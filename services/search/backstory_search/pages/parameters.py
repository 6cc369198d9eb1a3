"""What a page's address may ask: as of the API, but blanks are no answers and strangers no harm."""

from typing import Any

from pydantic import ConfigDict, Field, model_validator

from backstory_search.parameters import MAX_QUERY, Cursor, FilterParameters, Parameters
from backstory_search.search import Mode, Search, Sort
from backstory_shared.ports import Facet

PAGE = 20
SHOWN_FACETS = (Facet.SECTION, Facet.LANGUAGE, Facet.SOURCE)


class PageParameters(FilterParameters):
    """An empty field of a form is sent as a blank; a shared link may carry trackers' names."""

    model_config = ConfigDict(extra="ignore")

    q: str | None = Field(None, max_length=MAX_QUERY)
    mode: Mode = Mode.HYBRID
    sort: Sort = Sort.RELEVANCE
    cursor: Cursor | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, given: dict[str, Any]) -> dict[str, Any]:
        filled = {name: _filled(value) for name, value in given.items()}
        return {name: value for name, value in filled.items() if value not in ("", [])}

    @property
    def search(self) -> Search | None:
        """The search, if there are words to search for."""
        if self.q is None:
            return None
        return Search(
            text=self.q.strip(),
            mode=self.mode,
            filters=self.filters,
            sort=self.sort,
            facets=SHOWN_FACETS,
            limit=PAGE,
            cursor=self.cursor,
        )


class StoriesPageParameters(Parameters):
    """Of the list of stories; blanks and strangers as above."""

    model_config = ConfigDict(extra="ignore")

    section: str | None = Field(None, max_length=300)
    cursor: Cursor | None = None


def _filled(value: object) -> object:
    if isinstance(value, list):
        return [each for each in value if str(each).strip()]
    return value if str(value).strip() else ""
