"""All tables, for SQLite and PostgreSQL alike. What changes here needs a migration beside it."""

from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: Final = MetaData(naming_convention=NAMES)
Id: Final = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[Any]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _to(
    table: str,
    *,
    name: str | None = None,
    null: bool = False,
    key: bool = False,
) -> Column[Any]:
    """Return a column that refers to a row of another table, and goes with it."""
    return Column(
        name or f"{table}_id",
        Id,
        ForeignKey(f"{table}.id", ondelete="CASCADE"),
        nullable=null,
        primary_key=key,
        autoincrement=False,
    )


def _text(name: str, **more: Any) -> Column[Any]:  # noqa: ANN401 - a column's own arguments
    return Column(name, Text, nullable=False, **more)


def _maybe(name: str) -> Column[Any]:
    return Column(name, Text)


def _at(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Float(53), nullable=null)


def _json(name: str) -> Column[Any]:
    return Column(name, JSON, nullable=False)


def _number(name: str, default: int) -> Column[Any]:
    return Column(name, Integer, nullable=False, default=default)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


setting: Final = Table(
    "setting", metadata, _text("name", primary_key=True), _text("value")
)
"""What is made once and then stays, such as the secret that hidden inputs are drawn from."""

platform: Final = Table(
    "platform",
    metadata,
    _id(),
    _text("name"),
    _text("issuer"),
    _text("client_id"),
    _text("kind"),
    _text("authorization_url"),
    _text("token_url"),
    _maybe("token_audience"),
    _text("jwks_url"),
    _json("hosts"),
    _at("created_at"),
    UniqueConstraint("issuer", "client_id"),
)
deployment: Final = Table(
    "deployment",
    metadata,
    _id(),
    _to("platform"),
    _text("lti_id"),
    UniqueConstraint("platform_id", "lti_id"),
)
tool_key: Final = Table(
    "tool_key",
    metadata,
    _text("kid", primary_key=True),
    _text("private_pem"),
    _json("public_jwk"),
    _at("created_at"),
    _at("retired_at", null=True),
)
login: Final = Table(
    "login",
    metadata,
    _text("state", primary_key=True),
    _text("nonce", unique=True),
    _to("platform"),
    _text("target_link_uri"),
    _json("request"),
    _text("proof_hash"),
    _at("expires_at"),
)
person: Final = Table(
    "person",
    metadata,
    _id(),
    _text("key", unique=True),
    _to("platform", null=True),
    _text("sub"),
    _maybe("name"),
    _at("created_at"),
    UniqueConstraint("platform_id", "sub"),
)
context: Final = Table(
    "context",
    metadata,
    _id(),
    _text("key", unique=True),
    _to("platform", null=True),
    _text("lti_id"),
    _text("title"),
    _maybe("memberships_url"),
    UniqueConstraint("platform_id", "lti_id"),
)
# To both databases, a platform that is NULL is another one in each row.
for _table, _column in ((person, "sub"), (context, "lti_id")):
    Index(
        f"uq_{_table.name}_without_platform",
        _table.c[_column],
        unique=True,
        sqlite_where=_table.c.platform_id.is_(None),
        postgresql_where=_table.c.platform_id.is_(None),
    )
member: Final = Table(
    "member",
    metadata,
    _to("context", key=True),
    _to("person", key=True),
    _text("role", primary_key=True),
    _at("seen_at"),
    _one_of("role", "Learner", "Instructor"),
)
link: Final = Table(
    "link",
    metadata,
    _id(),
    _text("key", unique=True),
    _to("context"),
    _text("lti_id"),
    _text("exercise"),
    _text("title"),
    _maybe("line_item_url"),
    _maybe("line_items_url"),
    _json("scopes"),
    Column("max_score", Float(53), nullable=False),
    _at("due_at", null=True),
    _at("closes_at", null=True),
    _at("created_at"),
    UniqueConstraint("context_id", "lti_id"),
)
launch: Final = Table(
    "launch",
    metadata,
    _text("code_hash", primary_key=True),
    _to("person"),
    _to("context"),
    _to("link", null=True),
    _json("roles"),
    _text("kind"),
    _json("payload"),
    _text("proof_hash"),
    _at("expires_at"),
    _one_of("kind", "work", "deep-link", "class"),
)
token: Final = Table(
    "token",
    metadata,
    _text("hash", primary_key=True),
    _text("kind"),
    _to("person", null=True),
    _to("context", null=True),
    _to("link", null=True),
    _json("roles"),
    _text("label"),
    _at("created_at"),
    _at("expires_at", null=True),
    _one_of("kind", "page", "personal", "join", "owner", "api", "registration"),
)
draft: Final = Table(
    "draft",
    metadata,
    _to("person", key=True),
    _to("link", key=True),
    _text("text"),
    _number("version", 1),
    _at("updated_at"),
)
submission: Final = Table(
    "submission",
    metadata,
    _id(),
    _text("key", unique=True),
    _to("person"),
    _to("link"),
    _text("click"),
    _text("name"),
    _text("kind"),
    _text("digest"),
    Column("data", LargeBinary),
    _at("received_at"),
    _text("state"),
    _at("lease_until", null=True),
    _number("tries", 0),
    Column("by_person_id", Id, ForeignKey("person.id", ondelete="SET NULL")),
    UniqueConstraint("person_id", "link_id", "click"),
    _one_of("state", "received", "graded", "superseded", "failed"),
)
Index(
    "ix_submission_state_lease_until",
    submission.c.state,
    submission.c.lease_until,
)
Index(
    "ix_submission_link_id_person_id",
    submission.c.link_id,
    submission.c.person_id,
)
result: Final = Table(
    "result",
    metadata,
    _to("submission", key=True),
    _text("status"),
    Column("score", Float(53)),
    Column("max_score", Float(53), nullable=False),
    Column("report", LargeBinary, nullable=False),
    Column("provisional", Boolean, nullable=False, default=False),
    _at("graded_at"),
)
score: Final = Table(
    "score",
    metadata,
    _to("person", key=True),
    _to("link", key=True),
    Column(
        "submission_id", Id, ForeignKey("submission.id", ondelete="CASCADE")
    ),
    Column("value", Float(53), nullable=False),
    Column("max_value", Float(53), nullable=False),
    _number("version", 1),
    _number("sent_version", 0),
    _at("stamp"),
    _text("state"),
    _number("tries", 0),
    _at("next_at"),
    _at("lease_until", null=True),
    _maybe("note"),
    _at("arrived_at", null=True),
    _one_of("state", "owed", "sent", "parked", "nowhere"),
)
Index("ix_score_state_next_at", score.c.state, score.c.next_at)
lease: Final = Table(
    "lease", metadata, _text("name", primary_key=True), _at("until_at")
)
"""What one of several processes holds for a while, such as the right to make a line item."""
jwks: Final = Table(
    "jwks",
    metadata,
    _to("platform", key=True),
    _json("document"),
    _at("fetched_at"),
)
access: Final = Table(
    "access",
    metadata,
    _to("platform", key=True),
    _text("scope", primary_key=True),
    _text("token"),
    _at("expires_at"),
)
event: Final = Table(
    "event",
    metadata,
    _id(),
    _at("at"),
    _text("kind"),
    _to("person", null=True),
    _to("link", null=True),
    _json("details"),
)
