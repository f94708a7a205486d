"""Contents sealed with a key per operation or site, dated grants, findings, what was decided of them, assessments."""

import os

import sqlalchemy as sa
from alembic import op
from samsyn_exchange.sealing import KEY_VERSION, new_data_key, sealed
from sqlalchemy.dialects.postgresql import JSONB

revision = "exchange_0002"
down_revision = "exchange_0001"
branch_labels = None
depends_on = None


def _instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _contents()
    _grants_and_fetches()
    _findings()


def _contents() -> None:
    op.create_table(
        "contents_key",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("about", sa.Text, nullable=False, unique=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("key_version", sa.Integer, nullable=False),
        _instant("made_at"),
    )
    # A new table, and not an update of the old one: that would leave the plain text in rows no longer seen.
    op.rename_table("contents", "contents_in_clear")
    op.execute("alter index contents_pkey rename to contents_in_clear_pkey")
    op.create_table(
        "contents",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        # No foreign key: a key is erased by a disposal decision, and what it sealed stays behind unreadable.
        sa.Column("key_id", sa.BigInteger, nullable=False, index=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        _instant("stored_at"),
    )
    _seal_what_was_kept(op.get_bind())
    op.drop_table("contents_in_clear")


def _seal_what_was_kept(connection: sa.Connection) -> None:
    """Nobody said what earlier contents are about: each gets a key of its own, about its reference."""
    into_key = sa.text(
        "insert into contents_key (about, wrapped, key_version, made_at) values (:a, :w, :v, :t) returning id"
    )
    into_contents = sa.text("insert into contents values (:ref, :owner, :key_id, :body, :stored_at)")
    for row in connection.execute(sa.text("select ref, owner, body, stored_at from contents_in_clear")).all():
        key = os.environ["SAMSYN_CONTENTS_KEY"]
        wrapped = new_data_key(key, row.ref)
        told = {"a": row.ref, "w": wrapped, "v": KEY_VERSION, "t": row.stored_at}
        key_id = connection.execute(into_key, told).scalar_one()
        body = sealed(key, row.ref, wrapped, row.ref, bytes(row.body))
        kept = {"ref": row.ref, "owner": row.owner, "key_id": key_id, "body": body, "stored_at": row.stored_at}
        connection.execute(into_contents, kept)


def _grants_and_fetches() -> None:
    # Nothing has ever given a grant before this.
    op.drop_table("contents_grant")
    op.create_table(
        "contents_grant",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("party", sa.Text, primary_key=True),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("assessment_id", sa.Text),
        _instant("granted_at"),
        _instant("expires_at"),
        _instant("acknowledged_at", nullable=True),
    )
    op.add_column("contents_fetch", sa.Column("outcome", sa.Text, nullable=False, server_default="not_found"))
    op.execute("update contents_fetch set outcome = 'given' where is_given")
    op.alter_column("contents_fetch", "outcome", server_default=None)
    op.add_column("contents_fetch", sa.Column("basis", sa.Text))
    op.drop_column("contents_fetch", "is_given")


def _findings() -> None:
    op.create_table(
        "finding",
        sa.Column("finding_id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("operation_id", sa.Text, nullable=False),
        sa.Column("inspection_id", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("candidates", JSONB, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("payload_ref", sa.Text),
        _instant("placed_at"),
    )
    op.create_table(
        "finding_decision",
        sa.Column("finding_id", sa.Text, primary_key=True),
        sa.Column("receiver", sa.Text, primary_key=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("rule_id", sa.Text),
        sa.Column("assessment_id", sa.Text),
        _instant("decided_at"),
    )
    op.create_table(
        "assessment",
        sa.Column("assessment_id", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False, index=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("receiver", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("document_ref", sa.Text, nullable=False),
        _instant("valid_until"),
        sa.Column("finding_id", sa.Text, index=True),
        sa.Column("sequence", sa.BigInteger),
        _instant("assessed_at"),
    )
