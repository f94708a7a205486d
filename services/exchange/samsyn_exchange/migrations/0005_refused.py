"""What parties said and was refused: where it stood, why, and the original, sealed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "exchange_0005"
down_revision = "exchange_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("answer_id", sa.Text, nullable=False, unique=True),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("record_offset", sa.BigInteger, nullable=False),
        sa.Column("rejected_id", sa.Text, nullable=False),
        sa.Column("rejected_type", sa.Text),
        sa.Column("centre", sa.Text),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("opened", JSONB, nullable=False, server_default="[]"),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
    )
