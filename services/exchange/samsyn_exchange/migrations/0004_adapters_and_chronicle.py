"""Who is alive, who has seen an operation's newest version, and the chronicle of all that became known."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "exchange_0004"
down_revision = "exchange_0003"
branch_labels = None
depends_on = None


def _instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _operations()
    _adapters()
    _chronicle()


def _operations() -> None:
    op.add_column("operation", sa.Column("plan_version", sa.Integer, nullable=False, server_default="0"))
    op.add_column("operation", _instant("start_at", nullable=True))
    op.add_column("operation", _instant("end_at", nullable=True))
    op.add_column("operation", _instant("told_at", nullable=True))
    op.add_column("operation", sa.Column("is_confirmed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("operation", sa.Column("acknowledged", JSONB, nullable=False, server_default="[]"))
    op.create_index("operation_confirmed", "operation", ["start_at"], postgresql_where=sa.text("is_confirmed"))
    op.create_index("operation_code_name", "operation", ["code_name"])


def _adapters() -> None:
    op.create_table(
        "adapter",
        sa.Column("adapter_id", sa.Text, primary_key=True),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("interval_minutes", sa.Integer, nullable=False),
        _instant("first_seen_at"),
        _instant("last_seen_at"),
        sa.Column("status", sa.Text, nullable=False),
    )


def _chronicle() -> None:
    op.create_table(
        "chronicle",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("operation_id", sa.Text),
        _instant("said_at"),
        _instant("received_at"),
        sa.Column("causation", sa.Text),
        sa.Column("correlation", sa.Text),
        sa.Column("causes", ARRAY(sa.Text), nullable=False),
        sa.Column("trace_id", sa.Text),
        sa.Column("body", JSONB),
        sa.UniqueConstraint("source", "id"),
    )
    op.create_index("chronicle_id", "chronicle", ["id"])
    op.create_index("chronicle_subject", "chronicle", ["subject", "number"])
    op.create_index("chronicle_operation", "chronicle", ["operation_id", "number"])
    op.create_index("chronicle_causes", "chronicle", ["causes"], postgresql_using="gin")
    op.create_index(
        "chronicle_plans",
        "chronicle",
        ["centre", sa.text("(cast(body ->> 'plan_version' as integer))")],
        postgresql_where=sa.text("name = 'PlanPublished'"),
    )
