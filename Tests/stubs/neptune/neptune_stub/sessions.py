# SPDX-License-Identifier: Apache-2.0
"""API tokens, access tokens and their refresh, as the service's identity provider does it."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
import urllib.parse
from typing import TYPE_CHECKING

from .web import Answer, Refusal

if TYPE_CHECKING:
    from .web import Request

REALM = "/auth/realms/neptune"
CLIENT_ID = "neptune-cli"


class Sessions:
    """`seconds` is how long an access token is valid. Refresh tokens rotate: each can be used once."""

    def __init__(self, url: str, seconds: int):
        self.url, self.seconds = url, seconds
        token = {"api_address": url, "api_url": url, "api_key": secrets.token_hex(16)}
        self.api_token = base64.b64encode(json.dumps(token).encode()).decode()
        self._access: dict[str, float] = {}
        self._refresh: set[str] = set()
        self._lock = threading.Lock()

    def exchange(self, request: "Request") -> Answer:
        self.check_api_token(request)
        access, refresh = self._tokens()
        return Answer.json({"accessToken": access, "refreshToken": refresh, "username": "stub-user"})

    def check_api_token(self, request: "Request") -> None:
        given = request.headers.get("x-neptune-api-token", "")
        try:
            readable = "api_key" in json.loads(base64.b64decode(given, validate=True))
        except ValueError:
            readable = False
        if not readable:
            raise Refusal(400, "Parameter 'X-Neptune-Api-Token' missing or invalid")
        if given != self.api_token:
            raise Refusal(401, "Unauthorized")

    def refresh(self, request: "Request") -> Answer:
        form = urllib.parse.parse_qs(request.body.decode(errors="replace"))
        given = form.get("refresh_token", [""])[0]
        right = form.get("grant_type") == ["refresh_token"] and form.get("client_id") == [CLIENT_ID]
        with self._lock:
            known = given in self._refresh
            self._refresh.discard(given)
        if not known or not right:
            error = {"error": "invalid_grant", "error_description": "Session not active"}
            return Answer.json(error, 400)
        access, refresh = self._tokens()
        answer = Answer.json(
            {
                "access_token": access,
                "expires_in": self.seconds,
                "refresh_expires_in": 86_400,
                "refresh_token": refresh,
                "token_type": "Bearer",
                "scope": "profile email",
            }
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def openid_configuration(self, _: "Request") -> Answer:
        issuer = self.url + REALM
        calls = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "certs"}
        known = {name: f"{issuer}/protocol/openid-connect/{path}" for name, path in calls.items()}
        return Answer.json({"issuer": issuer, **known, "grant_types_supported": ["refresh_token"]})

    def check(self, request: "Request") -> None:
        with self._lock:
            expires = self._access.get(_bearer(request))
        if expires is None:
            raise Refusal(401, "Unauthorized", errorType="UNAUTHORIZED")
        if expires < time.time():
            raise Refusal(401, "Token expired", errorType="AUTHORIZATION_TOKEN_EXPIRED")

    def expire(self, request: "Request") -> None:
        """The token of this request is over, before its time."""
        with self._lock:
            if _bearer(request) in self._access:
                self._access[_bearer(request)] = 0.0

    def _tokens(self) -> tuple[str, str]:
        now = int(time.time())
        access = self._signed({"exp": now + self.seconds, "typ": "Bearer"})
        refresh = self._signed({"exp": now + 86_400, "typ": "Refresh"})
        with self._lock:
            self._access[access] = now + self.seconds
            self._refresh.add(refresh)
        return access, refresh

    def _signed(self, claims: dict) -> str:
        claims |= {
            "iss": self.url + REALM,
            "azp": CLIENT_ID,
            "iat": int(time.time()),
            "jti": secrets.token_hex(8),
        }
        parts = [{"alg": "RS256", "typ": "JWT", "kid": "stub"}, claims]
        texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        return ".".join((*texts, secrets.token_urlsafe(32)))


def _bearer(request: "Request") -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")
