"""What is in force, for parties that join late, and who has read it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "exchange_0003"
down_revision = "exchange_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standing",
        sa.Column("about", sa.Text, primary_key=True),
        # A new number whenever another event takes the place: what is in force is told in the order in which it came.
        sa.Column("number", sa.BigInteger, sa.Identity(always=False), nullable=False, unique=True),
        sa.Column("thing", sa.Text, nullable=False, index=True),
        sa.Column("centre", sa.Text, nullable=False, index=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("capacity_id", sa.Text),
        sa.Column("session_id", sa.Text),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "state_read",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("centres", JSONB, nullable=False),
        sa.Column("num_events", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )
