"""Facts, operations, the ledger, losses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "reporting_0001"
down_revision = None
branch_labels = ("reporting",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("operation_id", sa.Text, nullable=False),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("code_name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("plan_version", sa.Integer, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inspection_ids", JSONB, nullable=False),
        sa.Column("cause_event_ids", JSONB, nullable=False),
        sa.Column("ladder_step", sa.Text),
        sa.Column("notice_minutes", sa.Integer),
    )
    op.create_index("fact_of_operation", "fact", ["operation_id"])
    op.create_table(
        "operation",
        sa.Column("operation_id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inspection_ids", JSONB, nullable=False),
    )
    op.create_index("operation_of_centre", "operation", ["centre", "start_at"])
    op.create_table(
        "ledger",
        sa.Column("cause_event_id", sa.Text, primary_key=True),
        sa.Column("operation_id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("code_name", sa.Text, nullable=False),
        sa.Column("planned_start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inspection_ids", JSONB, nullable=False),
        sa.Column("kept_ids", JSONB, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("ladder_step", sa.Text, nullable=False),
        sa.Column("notice_minutes", sa.Integer),
        sa.Column("hit_version", sa.Integer, nullable=False),
        sa.Column("plan_version", sa.Integer, nullable=False),
    )
    op.create_index("ledger_of_centre", "ledger", ["centre", "planned_start_at"])
    op.create_table(
        "loss",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("cause_code", sa.Text, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "taken_back",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
    )
