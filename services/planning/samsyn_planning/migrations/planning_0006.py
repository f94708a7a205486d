"""Disturbances, which lift the risk that police sessions are cancelled."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "planning_0006"
down_revision = "planning_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disturbance",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", JSONB, nullable=False),
    )
    op.create_index("disturbance_of_late", "disturbance", ["centre", "at"])
