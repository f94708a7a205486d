"""What was told of agencies and areas; and proposals by when they were said, for what is wanted is counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "reporting_0006"
down_revision = "reporting_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("agencies", "areas"):
        op.add_column("said", sa.Column(name, JSONB, nullable=False, server_default="[]"))
        op.alter_column("said", name, server_default=None)
    op.create_index("proposal_of_centre", "proposal", ["centre", "said_at"])
