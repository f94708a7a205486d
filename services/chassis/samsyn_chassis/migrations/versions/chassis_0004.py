"""Which logs the service knows by their topics' ids, and up to what time it has surely read them."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0004"
down_revision = "chassis_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_log",
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("topic_id", sa.Text, nullable=False),
    )
    op.create_table(
        "read_until",
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("written_ms", sa.BigInteger, nullable=False),
    )
