"""The removal of a deleted article can wait for whoever is at work on it; starts ask for those."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WAITING = "state = 'pending' AND token IS NOT NULL"


def upgrade() -> None:
    op.create_index(
        "stages_waiting",
        "stages",
        ["article_id"],
        unique=False,
        sqlite_where=sa.text(WAITING),
        postgresql_where=sa.text(WAITING),
    )
