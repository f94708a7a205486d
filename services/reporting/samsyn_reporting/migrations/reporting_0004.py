"""When the database was restored from a backup: what is said of a day from then on has ids of its own."""

import sqlalchemy as sa
from alembic import op

revision = "reporting_0004"
down_revision = "reporting_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("restored", sa.Column("at", sa.DateTime(timezone=True), primary_key=True))
