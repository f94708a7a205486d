"""When each capacity ends, so that a team's past shifts need not be read to see whether a new one overlaps."""

import sqlalchemy as sa
from alembic import op

revision = "planning_0003"
down_revision = "planning_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("capacity", sa.Column("end_at", sa.DateTime(timezone=True)))
    op.execute("update capacity set end_at = cast(value #>> '{offer,end_at}' as timestamptz)")
    op.alter_column("capacity", "end_at", nullable=False)
    op.create_index("capacity_team_end", "capacity", ["team", "end_at"])
    op.drop_index("capacity_team")
