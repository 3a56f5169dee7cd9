"""What people write for nights stands in rows of theirs, so that it goes with them."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_NIGHTS = sa.table("nights", sa.column("night_id"), sa.column("theme"), sa.column("event_told"))
_HOSTS = sa.table("night_hosts", sa.column("night_id"), sa.column("user_id"))
_POSTS = sa.table("night_posts", sa.column("post_id"), sa.column("night_id"), sa.column("facts"))


def upgrade() -> None:
    """Take the words for the host's; of a night without a host they are nobody's any more, and go."""
    texts = op.create_table(
        "night_texts",
        sa.Column("night_id", sa.Integer, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["night_id"], ["nights.night_id"], name="fk_night_texts_night_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_night_texts_user_id"),
        sa.PrimaryKeyConstraint("night_id", "part", name="pk_night_texts"),
    )
    db = op.get_bind()
    hosts = {row.night_id: row.user_id for row in db.execute(sa.select(_HOSTS))}
    found: dict[tuple[int, str], str] = {}
    for night in db.execute(sa.select(_NIGHTS)).all():
        found[night.night_id, "theme"] = night.theme
        if night.event_told:
            digest = hashlib.sha256(night.event_told.encode()).hexdigest()
            mine = _NIGHTS.c.night_id == night.night_id
            db.execute(sa.update(_NIGHTS).where(mine).values(event_told=digest))
    for post in db.execute(sa.select(_POSTS)).all():
        facts = json.loads(post.facts)
        if "reason" in facts:
            found[post.night_id, "reason"] = facts.pop("reason")
            mine = _POSTS.c.post_id == post.post_id
            db.execute(sa.update(_POSTS).where(mine).values(facts=json.dumps(facts)))
    rows = [
        {"night_id": night_id, "part": part, "user_id": hosts[night_id], "text": text}
        for (night_id, part), text in found.items()
        if text and night_id in hosts
    ]
    if rows:
        op.bulk_insert(texts, rows)
    op.drop_column("nights", "theme")
