"""People, movies, ratings and their history, dismissals, server settings, model versions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "users",
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_users"),
    )
    op.create_table(
        "movies",
        sa.Column("movie_key", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("imdb_id", sa.Integer),
        sa.Column("tmdb_id", sa.Integer),
        sa.Column("catalogue_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("movie_key", name="pk_movies"),
    )
    op.create_index("ix_movies_catalogue_id", "movies", ["catalogue_id"])
    op.create_table(
        "ratings",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("movie_key", sa.Integer, nullable=False),
        sa.Column("stars", sa.Float, nullable=False),
        sa.Column("rated_at", TIME, nullable=False),
        sa.CheckConstraint("stars >= 0.5 AND stars <= 5", name=op.f("ck_ratings_stars")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_ratings_user_id"),
        sa.ForeignKeyConstraint(["movie_key"], ["movies.movie_key"], name="fk_ratings_movie_key"),
        sa.PrimaryKeyConstraint("user_id", "movie_key", name="pk_ratings"),
    )
    op.create_table(
        "rating_changes",
        sa.Column("change_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("movie_key", sa.Integer, nullable=False),
        sa.Column("stars", sa.Float),
        sa.Column("previous", sa.Float),
        sa.Column("previous_at", TIME),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("undoes", sa.Integer),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_rating_changes_user_id"),
        sa.ForeignKeyConstraint(["movie_key"], ["movies.movie_key"], name="fk_rating_changes_movie_key"),
        sa.ForeignKeyConstraint(["undoes"], ["rating_changes.change_id"], name="fk_rating_changes_undoes"),
        sa.PrimaryKeyConstraint("change_id", name="pk_rating_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rating_changes_user_id_movie_key", "rating_changes", ["user_id", "movie_key"])
    op.create_table(
        "dismissals",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("movie_key", sa.Integer, nullable=False),
        sa.Column("dismissed_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_dismissals_user_id"),
        sa.ForeignKeyConstraint(["movie_key"], ["movies.movie_key"], name="fk_dismissals_movie_key"),
        sa.PrimaryKeyConstraint("user_id", "movie_key", name="pk_dismissals"),
    )
    op.create_table(
        "guild_settings",
        sa.Column("guild_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("movie_night_channel_id", sa.BigInteger),
        sa.Column("retrain_hours", sa.Float, nullable=False),
        sa.Column("retrain_ratings", sa.Integer, nullable=False),
        sa.Column("ephemeral", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guild_settings"),
    )
    op.create_table(
        "model_versions",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("friend_ratings", sa.Integer, nullable=False),
        sa.Column("community_ratings", sa.Integer, nullable=False),
        sa.Column("ndcg", sa.Float),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("path", sa.Text),
        sa.Column("last_change", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_model_versions"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
