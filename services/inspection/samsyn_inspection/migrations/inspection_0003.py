"""What is asked and told before an operation's day, what is known of sites, and what was learnt.

An operation confirmed before is prepared from planning's next word about it on.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "inspection_0003"
down_revision = "inspection_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("operation", sa.Column("preparation", JSONB, nullable=False, server_default="{}"))
    op.alter_column("operation", "preparation", server_default=None)
    op.add_column("operation", sa.Column("look_at", sa.DateTime(timezone=True)))
    op.create_index(
        "operation_to_brief", "operation", ["centre", "look_at"], postgresql_where=sa.text("look_at is not null")
    )
    op.create_table(
        "site_answer",
        sa.Column("centre", sa.Text, primary_key=True),
        sa.Column("inspection_id", sa.Text, primary_key=True),
        sa.Column("section", sa.Text, primary_key=True),
        sa.Column("agency", sa.Text, primary_key=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", JSONB, nullable=False),
    )
    op.create_table(
        "lesson",
        sa.Column("centre", sa.Text, primary_key=True),
        sa.Column("operation_id", sa.Text, primary_key=True),
        sa.Column("agency", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("codes", JSONB, nullable=False),
    )
