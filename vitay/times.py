from datetime import UTC, datetime

from psycopg.types.datetime import TimestamptzLoader


class UTCLoader(TimestamptzLoader):
    """For connections in UTC, as all are for which DATABASES names no TIME_ZONE."""

    timezone = UTC  # Django registers a loader of its own where this is not the connection's

    def load(self, data) -> datetime:
        return datetime.fromisoformat(str(data, "ascii"))
