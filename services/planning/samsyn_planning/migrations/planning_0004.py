"""What a centre steers by itself: operations that it has pinned, and its annual wheel."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "planning_0004"
down_revision = "planning_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pin",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("is_pinned", sa.Boolean, nullable=False),
        sa.Column("value", JSONB, nullable=False),
    )
    op.create_index("pin_held", "pin", ["centre"], postgresql_where=sa.text("is_pinned"))
    op.create_table(
        "wheel",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("value", JSONB, nullable=False),
    )
    op.create_index("wheel_due", "wheel", ["centre", "due_at"])
