"""The pages a person reads: search at `/`, an article at `/articles/{id}`; no script needed."""

from backstory_search.pages.routes import add_pages

__all__ = ["add_pages"]
