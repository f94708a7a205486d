"""What those who run a service have done about its dead letters, and why."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0003"
down_revision = "chassis_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dead_letter_note",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("letter", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("noted_by", sa.Text, nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("dead_letter_note_letter", "dead_letter_note", ["letter"])
