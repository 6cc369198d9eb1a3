"""Bring a ledger to this program's schema, or refuse one that another program has made."""

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
        database.take_time(connection)
        database.take_turn(connection)
        config = _config(connection)
        if _is_current(connection, config):
            return
        command.upgrade(config, "head")
        database.complete_migration(connection)


def check_schema(database: Database) -> None:
    """Raises SchemaMismatch unless the ledger has exactly this program's schema."""
    with database.read() as connection:
        if not _is_current(connection, _config(connection)):
            raise SchemaMismatch(
                "The ledger does not have this program's tables yet; "
                "run `backstory migrate` and start again."
            )


def schema_version(connection: sa.Connection) -> str:
    """The number of the last migration that this ledger has seen."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def _is_current(connection: sa.Connection, config: Config) -> bool:
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {each.revision for each in scripts.walk_revisions()}:
        raise SchemaMismatch(
            "This ledger was written by a newer version of Backstory; upgrade the program."
        )
    return current == scripts.get_current_head()


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
