"""What centres wonder: their questions, kept when they are answered too."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "planning_0005"
down_revision = "planning_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "what_if",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", JSONB, nullable=False),
    )
    op.create_index("what_if_open", "what_if", ["asked_at"], postgresql_where=sa.text("status = 'open'"))
