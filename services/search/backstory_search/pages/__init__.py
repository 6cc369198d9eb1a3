"""The pages a reader opens: searching the archive, and reading one article."""

from backstory_search.pages.routes import routes

__all__ = ["routes"]
