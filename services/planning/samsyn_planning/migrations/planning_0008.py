"""Designated operation officers, by which sessions that say no experience are judged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "planning_0008"
down_revision = "planning_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "officer_slot",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("value", JSONB, nullable=False),
    )
    op.create_index("officer_slot_of_centre", "officer_slot", ["centre"])
