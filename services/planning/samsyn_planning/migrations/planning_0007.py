"""Operations that may be compromised, held until their centres let go."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "planning_0007"
down_revision = "planning_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compromise",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("is_held", sa.Boolean, nullable=False),
        sa.Column("value", JSONB, nullable=False),
    )
    op.create_index("compromise_held", "compromise", ["centre"], postgresql_where=sa.text("is_held"))
