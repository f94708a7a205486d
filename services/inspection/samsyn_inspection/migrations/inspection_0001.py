"""Operations, held messages, centres' times."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "inspection_0001"
down_revision = None
branch_labels = ("inspection",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operation",
        sa.Column("operation_id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("code_name", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("life", sa.Text, nullable=False),
        sa.Column("is_confirmed", sa.Boolean, nullable=False),
        sa.Column("plan_version", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agencies", JSONB, nullable=False),
        sa.Column("inspection_ids", JSONB, nullable=False),
    )
    op.create_index(
        "operation_going_on",
        "operation",
        ["centre", "start_at"],
        postgresql_where=sa.text("life not in ('postponed', 'cancelled', 'past')"),
    )
    op.create_table(
        "held",
        sa.Column("operation_id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("messages", JSONB, nullable=False),
    )
    op.create_table(
        "centre_time",
        sa.Column("centre", sa.Text, primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
