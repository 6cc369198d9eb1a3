"""Bring a ledger to this program's schema, or refuse one that a newer program has made."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from backstory_shared.adapters.ledger.database import Database
from backstory_shared.errors import SchemaMismatch

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Run what is missing, in one transaction. Raises SchemaMismatch on a newer ledger."""
    with database.write() as connection:
        config = _config(connection)
        scripts = ScriptDirectory.from_config(config)
        current = MigrationContext.configure(connection).get_current_revision()
        if current == scripts.get_current_head():
            return
        known = {script.revision for script in scripts.walk_revisions()}
        if current is not None and current not in known:
            raise SchemaMismatch(
                "This ledger was written by a newer version of Backstory; upgrade the program."
            )
        command.upgrade(config, "head")


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
