"""Real servers that tests send to: they keep what they get, and misbehave when told to."""

from tests.servers.databases import Postgres, Redis
from tests.servers.mail import MailServer
from tests.servers.processes import Processes, free_port
from tests.servers.texts import TextServer

__all__ = ["MailServer", "Postgres", "Processes", "Redis", "TextServer", "free_port"]
