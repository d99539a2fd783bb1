"""All tables of the first version."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLOAT: Final = sa.Float(53)
_ALONE: Final[dict[str, Any]] = {
    "sqlite_where": sa.text("platform_id IS NULL"),
    "postgresql_where": sa.text("platform_id IS NULL"),
}


def upgrade() -> None:
    """Make all tables; one that refers to another comes after it."""
    for make in (
        _platforms,
        _keys,
        _people,
        _links,
        _tokens,
        _work,
        _submissions,
        _scores,
    ):
        make()


def downgrade() -> None:
    """Drop all tables."""
    for table in (
        "score",
        "result",
        "submission",
        "draft",
        "event",
        "token",
        "launch",
        "link",
        "member",
        "context",
        "person",
        "setting",
        "access",
        "jwks",
        "tool_key",
        "login",
        "deployment",
        "platform",
    ):
        op.drop_table(table)


def _need(name: str, kind: Any) -> sa.Column[Any]:  # noqa: ANN401 - a type, or its class
    return sa.Column(name, kind, nullable=False)


def _id() -> sa.Column[Any]:
    return sa.Column("id", ID, primary_key=True)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [_need(name, sa.Text) for name in names]


def _to(
    column: str, table: str, then: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], ondelete=then)


def _platforms() -> None:
    """Make what launches."""
    op.create_table(
        "platform",
        _id(),
        *_texts(
            "name",
            "issuer",
            "client_id",
            "kind",
            "authorization_url",
            "token_url",
        ),
        sa.Column("token_audience", sa.Text),
        _need("jwks_url", sa.Text),
        _need("hosts", sa.JSON),
        _need("created_at", FLOAT),
        sa.UniqueConstraint("issuer", "client_id"),
    )
    op.create_table(
        "deployment",
        _id(),
        _need("platform_id", ID),
        _need("lti_id", sa.Text),
        _to("platform_id", "platform"),
        sa.UniqueConstraint("platform_id", "lti_id"),
    )
    op.create_table(
        "login",
        *_texts("state", "nonce"),
        _need("platform_id", ID),
        *_texts("target_link_uri", "proof_hash"),
        _need("request", sa.JSON),
        _need("expires_at", FLOAT),
        _to("platform_id", "platform"),
        sa.PrimaryKeyConstraint("state"),
        sa.UniqueConstraint("nonce"),
    )


def _keys() -> None:
    """Make what is shown to a platform, and what it shows."""
    op.create_table(
        "tool_key",
        *_texts("kid", "private_pem"),
        _need("public_jwk", sa.JSON),
        _need("created_at", FLOAT),
        sa.Column("retired_at", FLOAT),
        sa.PrimaryKeyConstraint("kid"),
    )
    op.create_table(
        "jwks",
        _need("platform_id", ID),
        _need("document", sa.JSON),
        _need("fetched_at", FLOAT),
        _to("platform_id", "platform"),
        sa.PrimaryKeyConstraint("platform_id"),
    )
    op.create_table(
        "access",
        _need("platform_id", ID),
        *_texts("scope", "token"),
        _need("expires_at", FLOAT),
        _to("platform_id", "platform"),
        sa.PrimaryKeyConstraint("platform_id", "scope"),
    )
    op.create_table(
        "setting",
        *_texts("name", "value"),
        sa.PrimaryKeyConstraint("name"),
    )


def _people() -> None:
    """Make who is taught, and where."""
    op.create_table(
        "person",
        _id(),
        _need("key", sa.Text),
        sa.Column("platform_id", ID),
        _need("sub", sa.Text),
        sa.Column("name", sa.Text),
        _need("created_at", FLOAT),
        _to("platform_id", "platform"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("platform_id", "sub"),
    )
    op.create_index(
        "uq_person_without_platform", "person", ["sub"], unique=True, **_ALONE
    )
    op.create_table(
        "context",
        _id(),
        _need("key", sa.Text),
        sa.Column("platform_id", ID),
        *_texts("lti_id", "title"),
        sa.Column("memberships_url", sa.Text),
        _to("platform_id", "platform"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("platform_id", "lti_id"),
    )
    op.create_index(
        "uq_context_without_platform",
        "context",
        ["lti_id"],
        unique=True,
        **_ALONE,
    )
    op.create_table(
        "member",
        _need("context_id", ID),
        _need("person_id", ID),
        _need("role", sa.Text),
        _need("seen_at", FLOAT),
        sa.CheckConstraint("role IN ('Learner', 'Instructor')", name="role"),
        _to("context_id", "context"),
        _to("person_id", "person"),
        sa.PrimaryKeyConstraint("context_id", "person_id", "role"),
    )


def _links() -> None:
    """Make what is set, and the ways to it."""
    op.create_table(
        "link",
        _id(),
        _need("key", sa.Text),
        _need("context_id", ID),
        *_texts("lti_id", "exercise", "title"),
        sa.Column("line_item_url", sa.Text),
        sa.Column("line_items_url", sa.Text),
        _need("scopes", sa.JSON),
        _need("max_score", FLOAT),
        sa.Column("due_at", FLOAT),
        sa.Column("closes_at", FLOAT),
        _need("created_at", FLOAT),
        _to("context_id", "context"),
        sa.UniqueConstraint("context_id", "lti_id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "launch",
        _need("code_hash", sa.Text),
        _need("person_id", ID),
        _need("context_id", ID),
        sa.Column("link_id", ID),
        _need("roles", sa.JSON),
        _need("kind", sa.Text),
        _need("payload", sa.JSON),
        _need("proof_hash", sa.Text),
        _need("expires_at", FLOAT),
        sa.CheckConstraint(
            "kind IN ('work', 'deep-link', 'class')", name="kind"
        ),
        _to("context_id", "context"),
        _to("link_id", "link"),
        _to("person_id", "person"),
        sa.PrimaryKeyConstraint("code_hash"),
    )


def _tokens() -> None:
    """Make what people show, and what happened."""
    op.create_table(
        "token",
        *_texts("hash", "kind"),
        sa.Column("person_id", ID),
        sa.Column("context_id", ID),
        sa.Column("link_id", ID),
        _need("roles", sa.JSON),
        _need("label", sa.Text),
        _need("created_at", FLOAT),
        sa.Column("expires_at", FLOAT),
        sa.CheckConstraint(
            "kind IN ('page', 'personal', 'join', 'owner', 'api', 'registration')",
            name="kind",
        ),
        _to("context_id", "context"),
        _to("link_id", "link"),
        _to("person_id", "person"),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "event",
        _id(),
        _need("at", FLOAT),
        _need("kind", sa.Text),
        sa.Column("person_id", ID),
        sa.Column("link_id", ID),
        _need("details", sa.JSON),
        _to("link_id", "link"),
        _to("person_id", "person"),
    )


def _work() -> None:
    """Make what is written."""
    op.create_table(
        "draft",
        _need("person_id", ID),
        _need("link_id", ID),
        _need("text", sa.Text),
        _need("version", sa.Integer),
        _need("updated_at", FLOAT),
        _to("link_id", "link"),
        _to("person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", "link_id"),
    )


def _submissions() -> None:
    """Make what is handed in."""
    op.create_table(
        "submission",
        _id(),
        _need("key", sa.Text),
        _need("person_id", ID),
        _need("link_id", ID),
        *_texts("click", "name", "kind", "digest"),
        sa.Column("data", sa.LargeBinary),
        _need("received_at", FLOAT),
        _need("state", sa.Text),
        sa.Column("lease_until", FLOAT),
        _need("tries", sa.Integer),
        sa.Column("by_person_id", ID),
        sa.CheckConstraint(
            "state IN ('received', 'graded', 'superseded', 'failed')",
            name="state",
        ),
        _to("by_person_id", "person", "SET NULL"),
        _to("link_id", "link"),
        _to("person_id", "person"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("person_id", "link_id", "click"),
    )
    op.create_index(
        "ix_submission_link_id_person_id",
        "submission",
        ["link_id", "person_id"],
    )
    op.create_index(
        "ix_submission_state_lease_until",
        "submission",
        ["state", "lease_until"],
    )


def _scores() -> None:
    """Make what comes of it."""
    op.create_table(
        "result",
        _need("submission_id", ID),
        _need("status", sa.Text),
        sa.Column("score", FLOAT),
        _need("max_score", FLOAT),
        _need("report", sa.LargeBinary),
        _need("provisional", sa.Boolean),
        _need("graded_at", FLOAT),
        _to("submission_id", "submission"),
        sa.PrimaryKeyConstraint("submission_id"),
    )
    op.create_table(
        "score",
        _need("person_id", ID),
        _need("link_id", ID),
        sa.Column("submission_id", ID),
        _need("value", FLOAT),
        _need("max_value", FLOAT),
        _need("version", sa.Integer),
        _need("sent_version", sa.Integer),
        _need("stamp", FLOAT),
        _need("state", sa.Text),
        _need("tries", sa.Integer),
        _need("next_at", FLOAT),
        sa.Column("lease_until", FLOAT),
        sa.Column("note", sa.Text),
        sa.Column("arrived_at", FLOAT),
        sa.CheckConstraint(
            "state IN ('owed', 'sent', 'parked', 'nowhere')", name="state"
        ),
        _to("link_id", "link"),
        _to("person_id", "person"),
        _to("submission_id", "submission"),
        sa.PrimaryKeyConstraint("person_id", "link_id"),
    )
    op.create_index("ix_score_state_next_at", "score", ["state", "next_at"])
