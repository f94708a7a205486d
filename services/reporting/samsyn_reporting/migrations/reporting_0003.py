"""Evaluations, targets, and what has been said of each centre.

What agencies and centres told before is not in the new tables: `rebuild --replace` reads it from the log.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "reporting_0003"
down_revision = "reporting_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create("evaluation", _text("operation_id"), _text("agency"), sa.Column("lesson_codes", JSONB, nullable=False))
    op.create_index("evaluation_of_operation", "evaluation", ["operation_id"])
    _create(
        "target",
        sa.Column("sequence", sa.BigInteger),
        _number("year"),
        _text("unit"),
        _number("baseline"),
        _number("target"),
    )
    op.create_index("target_of_centre", "target", ["centre", "year"])
    op.create_table(
        "said",
        sa.Column("centre", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kpis", JSONB, nullable=False),
        sa.Column("at_risk", JSONB, nullable=False),
    )


def _create(name: str, *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        _text("centre"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        *columns,
    )


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False)
