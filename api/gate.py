"""What every request passes before any of its body is read: who asks, may it, is it small enough.

Knows tokens and headers; knows no route.
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, problem_response
from api.tokens import Caller, TokenFile
from api.tokens import Scope as TokenScope
from core.errors import InputError
from db.owned import LOCAL_OWNER

#: Paths that tell nothing of anybody, open to all.
OPEN_PATHS: Final = frozenset({"/v1/health", "/v1/ready", "/v1/openapi.json"})

#: The paths whose bodies may be large; they count for themselves.
UPLOAD_PATH: Final = "/v1/media"
RESUMABLE_PATH: Final = "/v1/uploads"

MAX_BODY_BYTES: Final = 64 * 1024

_READING: Final = ("GET", "HEAD")
_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})

#: Nothing here is a page; what a browser makes of an answer anyway may do nothing.
_ANSWER_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class Gate:
    """Middleware. Without tokens everybody on this machine is the local owner, and browsers' foreign pages are not."""

    def __init__(self, app: ASGIApp, *, tokens: TokenFile | None) -> None:
        self._app = app
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, with its owner in its state, or answer with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sending = _with_headers(send)
        try:
            headers = Headers(scope=scope)
            if self._tokens is None:
                _refuse_foreign_pages(headers)
            if scope["path"] not in OPEN_PATHS:
                scope.setdefault("state", {})["owner"] = self._owner(headers, scope["method"], scope["path"])
                _refuse_large_body(headers, scope)
        except Problem as problem:
            await problem_response(problem)(scope, receive, sending)
            return
        await self._app(scope, receive, sending)

    def _owner(self, headers: Headers, method: str, path: str) -> str:
        if self._tokens is None:
            return LOCAL_OWNER
        caller = _caller(self._tokens, headers)
        if caller is None:
            raise Problem(
                401,
                "UNAUTHENTICATED",
                "send a token that is known here: Authorization: Bearer TOKEN",
                headers={"WWW-Authenticate": "Bearer"},
            )
        needed = _needed_scope(method, path)
        if needed not in caller.scopes:
            raise Problem(403, "SCOPE_MISSING", f"this token does not allow to {needed}: use one with that scope")
        return caller.owner


def _needed_scope(method: str, path: str) -> TokenScope:
    """Whoever uploads may ask how far that is."""
    is_reading = method in _READING and not path.startswith(RESUMABLE_PATH)
    return TokenScope.READ if is_reading else TokenScope.WRITE


def _caller(tokens: TokenFile, headers: Headers) -> Caller | None:
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        return None
    try:
        return tokens.caller_of(token.strip())
    except InputError:  # the file is gone or damaged: nobody is known
        return None


def _refuse_foreign_pages(headers: Headers) -> None:
    """A page of elsewhere, open in a browser here, must not speak for the user; nor may a name that points here."""
    host = headers.get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name.lower() not in _LOOPBACK_NAMES:
        raise Problem(403, "FOREIGN_HOST", f"this server answers to localhost only, not to {name[:100]!r}")
    origin = headers.get("origin")
    if origin not in (None, f"http://{host}") or headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise Problem(403, "FOREIGN_ORIGIN", "a page of another origin may not ask here")


def _refuse_large_body(headers: Headers, scope: Scope) -> None:
    if scope["method"] in _READING or _takes_files(scope["method"], scope["path"]):
        return
    if "transfer-encoding" in headers:
        raise Problem(411, "LENGTH_REQUIRED", "say how long the body is: Content-Length")
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > MAX_BODY_BYTES:
        raise Problem(413, "BODY_TOO_LARGE", f"a body of at most {MAX_BODY_BYTES:,} bytes is read here")


def _takes_files(method: str, path: str) -> bool:
    return path == UPLOAD_PATH or (method == "PATCH" and path.startswith(f"{RESUMABLE_PATH}/"))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ANSWER_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
