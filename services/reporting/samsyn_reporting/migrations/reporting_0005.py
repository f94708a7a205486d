"""Of which programme an inspection is, and in which municipality.

What was heard before has neither: `rebuild --replace` reads it from the log.
"""

import sqlalchemy as sa
from alembic import op

revision = "reporting_0005"
down_revision = "reporting_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposal", sa.Column("programme", sa.Text))
    op.add_column("proposal", sa.Column("municipality", sa.Text))
