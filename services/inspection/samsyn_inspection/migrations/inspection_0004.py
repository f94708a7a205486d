"""When the database was restored from a backup, and what versions go on from since then."""

import sqlalchemy as sa
from alembic import op

revision = "inspection_0004"
down_revision = "inspection_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restored",
        sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("versions_from", sa.Integer, nullable=False),
    )
