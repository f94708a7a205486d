"""Facts of every kind, each under the event that told it; what followed from them is worked out when it is read.

What stood in the tables before lacks participants and hours: it goes, and `rebuild --replace` makes it from the log.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "reporting_0002"
down_revision = "reporting_0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("fact", "operation", "ledger", "loss", "taken_back"):
        op.drop_table(name)
    _create_facts_of_plans()
    _create_facts_of_the_day()
    op.create_table(
        "heard",
        sa.Column("centre", sa.Text, primary_key=True),
        sa.Column("until", INSTANT, nullable=False),
    )


def _create_facts_of_plans() -> None:
    _create(
        "fact",
        _text("operation_id"),
        _text("code_name"),
        _text("state"),
        _number("plan_version"),
        sa.Column("from_start_at", INSTANT, nullable=False),
        sa.Column("from_end_at", INSTANT, nullable=False),
        sa.Column("start_at", INSTANT, nullable=False),
        sa.Column("end_at", INSTANT, nullable=False),
        _list("parts"),
        _list("inspection_ids"),
        _list("cause_event_ids"),
        sa.Column("ladder_step", sa.Text),
        sa.Column("notice_minutes", sa.Integer),
    )
    op.create_index("fact_of_operation", "fact", ["operation_id"])
    op.create_index("fact_by_start", "fact", ["start_at"])
    op.create_index("fact_by_former_start", "fact", ["from_start_at"])
    op.create_index("fact_of_inspections", "fact", ["inspection_ids"], postgresql_using="gin")
    _create(
        "loss",
        _text("kind"),
        _text("cause_code"),
        sa.Column("capacity_id", sa.Text),
        sa.Column("operation_id", sa.Text),
    )
    op.create_index("loss_by_event", "loss", ["event_id"])
    _create("taken_back", _text("cancelled_event_id"))
    op.create_index("taken_back_of_loss", "taken_back", ["cancelled_event_id"])
    _create("offer", sa.Column("sequence", sa.BigInteger), _text("capacity_id"), _text("agency"), _number("staff"))
    op.create_index("offer_of_capacity", "offer", ["capacity_id"])
    _create(
        "proposal",
        sa.Column("sequence", sa.BigInteger),
        _text("inspection_id"),
        _text("site_id"),
        _text("company_key"),
        _text("company_known_by"),
    )
    op.create_index("proposal_of_inspection", "proposal", ["inspection_id"])


def _create_facts_of_the_day() -> None:
    of_operation = {
        "acknowledgement": (_text("agency"), _number("plan_version")),
        "start": (_text("agency"), _flag("police_present")),
        "hand_in": (_text("inspection_id"), _text("agency"), _text("outcome")),
        "break_off": (_text("agency"), _text("kind"), _text("cause_code"), _list("left_ids")),
        "ending": (
            _number("plan_version"),
            _text("outcome"),
            _list("done_ids"),
            _list("handed_in_by"),
            _list("missing_from"),
            _flag("police_present"),
            _flag("counts_as_operation"),
        ),
        "finding": (_text("finding_id"), _text("agency"), _text("category"), _text("subject_kind")),
        "disclosure": (
            *(_text(name) for name in ("finding_id", "sender", "receiver", "outcome")),
            sa.Column("is_told", sa.Boolean, nullable=False),
        ),
    }
    for name, columns in of_operation.items():
        _create(name, _text("operation_id"), *columns)
        op.create_index(f"{name}_of_operation", name, ["operation_id"])


def _create(name: str, *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        _text("centre"),
        sa.Column("said_at", INSTANT, nullable=False),
        *columns,
    )


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False)


def _list(name: str) -> sa.Column:
    return sa.Column(name, JSONB, nullable=False)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean, nullable=False)
