"""What tells an article from the next one of its kind; which stories there are is decided anew."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("profiles", sa.Column("occasion", sa.JSON(), nullable=True))
    op.execute("UPDATE stages SET state = 'pending' WHERE stage = 'relate' AND state = 'done'")
