"""Leases: what one of several processes holds for a limited time."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lease",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("until_at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("lease")
