"""Related lists that are read as they are kept; what was kept of them before is made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.drop_table("profiles")
    op.create_table(
        "profiles",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("leading", sa.Text(), nullable=False),
        sa.Column("spoken", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("related", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.execute("DELETE FROM mentions")
    op.execute("DELETE FROM relations")
    op.execute("UPDATE stages SET state = 'pending' WHERE stage = 'relate' AND state = 'done'")
    op.drop_index("relations_by_other", "relations")
    op.create_index("relations_by_score", "relations", ["article_id", "score"], unique=False)
