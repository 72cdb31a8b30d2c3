"""Rates: those that guard secrets are counted in the database, the API's own in the cache."""

import time
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

from apps.jsonapi.models import Throttle, hashed


def client_address(request) -> str | None:
    """The caller's address, as our trusted proxies tell it."""
    ident = (BaseThrottle().get_ident(request) or "").split(",")[0].strip()
    return ident or None


def counted_address(request) -> str | None:
    """By what an address is counted: of IPv6 the 64 bits that one subscriber has, else all."""
    address = client_address(request)
    try:
        found = ip_address(address or "")
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ip_network((found, 64), strict=False).network_address)


class Rate(NamedTuple):
    """So many times in so many seconds, for whoever it is counted."""

    name: str
    limit: int
    seconds: int

    def told(self, left: int, until: int) -> dict[str, str]:
        """The RateLimit fields: so many are left, for so many seconds."""
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.limit};w={self.seconds}',
            "RateLimit": f'"{self.name}";r={left};t={until}',
        }

    def key(self, *who: str) -> str:
        return hashed(self.name, *who)

    def take(self, *who: str) -> None:
        """Count one attempt; raises Throttled when they are spent."""
        Throttle.objects.take(self, *who)

    def allows(self, *who: str) -> bool:
        """The same, for those who are not to be told."""
        try:
            self.take(*who)
        except Throttled:
            return False
        return True

    def give_back(self, *who: str) -> None:
        Throttle.objects.give_back(self, *who)


class UserThrottle(BaseThrottle):
    """The whole API, per user and minute; when the cache is away, everybody passes."""

    WINDOW = 60

    def allow_request(self, request, view) -> bool:
        if getattr(request.user, "pk", None) is None:
            return True
        now = int(time.time())
        window, limit = now // self.WINDOW, settings.API_RATE
        key = f"rate:{request.user.pk}:{window}"
        try:
            cache.add(key, 0, timeout=2 * self.WINDOW)
            spent = cache.incr(key)
        except (RedisError, OSError, ValueError):
            return True
        self.left = (window + 1) * self.WINDOW - now
        rate = Rate("default", limit, self.WINDOW)
        request.rate = rate.told(max(0, limit - spent), self.left)
        return spent <= limit

    def wait(self) -> int:
        return self.left
