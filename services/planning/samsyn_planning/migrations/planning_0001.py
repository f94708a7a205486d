"""Facts, operations and plan versions of centres."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "planning_0001"
down_revision = None
branch_labels = ("planning",)
depends_on = None


def _text(name: str, **more: object) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, **more)


def _value(name: str = "value") -> sa.Column:
    return sa.Column(name, JSONB, nullable=False)


def upgrade() -> None:
    op.create_table(
        "centre",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("facts_version", sa.BigInteger, nullable=False),
        sa.Column("planned_version", sa.BigInteger, nullable=False),
        _value(),
    )
    op.create_table("capacity", sa.Column("id", sa.Text, primary_key=True), _text("centre"), _text("team"), _value())
    op.create_index("capacity_team", "capacity", ["team"])
    op.create_index("capacity_centre", "capacity", ["centre"])
    op.create_table(
        "wanted",
        sa.Column("id", sa.Text, primary_key=True),
        _text("centre"),
        sa.Column("is_done", sa.Boolean, nullable=False),
        _value(),
    )
    op.create_index("wanted_open", "wanted", ["centre"], postgresql_where=sa.text("not is_done"))
    op.create_table(
        "operation",
        sa.Column("id", sa.Text, primary_key=True),
        _text("centre"),
        _text("status"),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        _text("code_name"),
        _value(),
    )
    op.create_index("operation_status", "operation", ["centre", "status"])
    op.create_table(
        "participation",
        sa.Column("operation_id", sa.Text, primary_key=True),
        sa.Column("capacity_id", sa.Text, primary_key=True),
        _text("centre"),
        _text("status"),
        sa.Column("reply_by", sa.DateTime(timezone=True)),
        _value(),
    )
    op.create_index(
        "participation_due", "participation", ["centre", "reply_by"], postgresql_where=sa.text("status = 'invited'")
    )
    op.create_table("consent", sa.Column("id", sa.Text, primary_key=True), _text("centre"), _value())
    op.create_table("proposal", sa.Column("id", sa.Text, primary_key=True), _text("centre"), _text("status"), _value())
    op.create_table(
        "plan_version",
        sa.Column("centre", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        _text("replan_id"),
        sa.Column("facts_version", sa.BigInteger, nullable=False),
        _value("causes"),
        _value("before"),
        _value("problem"),
        _value("plan"),
        _value("changes"),
        _text("engine"),
        sa.Column("solve_seconds", sa.Float, nullable=False),
        _text("hash_prev"),
        _text("hash"),
    )
