"""The pages a person reads: search at `/`, an article at `/articles/{id}`; no script needed."""

from backstory_search.pages.routes import routes

__all__ = ["routes"]
