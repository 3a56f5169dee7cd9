"""Movies that came out lately, and what else an export of another bot brings."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and add the column."""
    op.create_table(
        "releases",
        sa.Column("tmdb_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("tmdb_id", name="pk_releases"),
    )
    op.create_table(
        "brought_records",
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_brought_records_user_id"),
        sa.PrimaryKeyConstraint("record_id", name="pk_brought_records"),
    )
    op.create_index("ix_brought_records_user_id", "brought_records", ["user_id"])
    op.add_column("import_batches", sa.Column("restored_by", sa.Integer))
