"""What every request passes before any of its body is read: who asks, may it, is it small enough.

Knows tokens and headers; knows no route.
"""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, problem_response
from api.tokens import Caller, TokenFile
from api.tokens import Scope as TokenScope
from core.errors import InputError
from db.archive.owned import LOCAL_OWNER

#: Paths that tell nothing of anybody, open to all.
OPEN_PATHS: Final = frozenset({"/v1/health", "/v1/ready", "/v1/openapi.json"})

#: What pages are made of: scripts and styles, the same for everybody. Pages themselves hold nobody's data either.
OPEN_PREFIX: Final = "/static/"
_DATA_PREFIX: Final = "/v1/"

#: Where a browser puts its token into a cookie, and its name.
SESSION_PATH: Final = "/v1/session"
SESSION_COOKIE: Final = "moodline_session"

#: The paths whose bodies may be large; they count for themselves.
UPLOAD_PATH: Final = "/v1/media"
RESUMABLE_PATH: Final = "/v1/uploads"

MAX_PICTURE_BYTES: Final = 20 * 10**6
_MAX_BODY_BYTES_OF: Final = {"/v1/pictures": MAX_PICTURE_BYTES}
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
                _refuse_foreign_hosts(headers)
            if _is_data(scope["path"]):
                if self._tokens is None:
                    _refuse_foreign_pages(headers)
                scope.setdefault("state", {})["owner"] = self._owner(headers, scope)
                _refuse_large_body(headers, scope)
        except Problem as problem:
            await problem_response(problem)(scope, receive, sending)
            return
        await self._app(scope, receive, sending)

    def _owner(self, headers: Headers, scope: Scope) -> str:
        if self._tokens is None:
            return LOCAL_OWNER
        token = bearer_token(headers)
        if token is None and (token := _session_token(headers)) is not None:
            _refuse_foreign_pages(headers)  # a cookie goes along by itself; a header does not
        caller = None if token is None else _caller(self._tokens, token)
        if caller is None:
            raise Problem(
                401,
                "UNAUTHENTICATED",
                "send a token that is known here: Authorization: Bearer TOKEN",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if scope["path"] == SESSION_PATH:
            return caller.owner
        needed = _needed_scope(scope["method"], scope["path"])
        if needed not in caller.scopes:
            raise Problem(403, "SCOPE_MISSING", f"this token does not allow to {needed}: use one with that scope")
        return caller.owner


def _needed_scope(method: str, path: str) -> TokenScope:
    """Whoever uploads may ask how far that is."""
    is_reading = method in _READING and not path.startswith(RESUMABLE_PATH)
    return TokenScope.READ if is_reading else TokenScope.WRITE


def bearer_token(headers: Headers) -> str | None:
    """Return the token of `Authorization: Bearer TOKEN`; None: there is none."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def _session_token(headers: Headers) -> str | None:
    cookies = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return None
    return cookies[SESSION_COOKIE].value if SESSION_COOKIE in cookies else None


def _is_data(path: str) -> bool:
    """Everything is but the pages: what is not there is nobody's business either."""
    return path.startswith(_DATA_PREFIX) and path not in OPEN_PATHS


def _caller(tokens: TokenFile, token: str) -> Caller | None:
    try:
        return tokens.caller_of(token)
    except InputError:  # the file is gone or damaged: nobody is known
        return None


def _refuse_foreign_hosts(headers: Headers) -> None:
    """A name of elsewhere that points here must not make pages of it ours."""
    host = headers.get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name.lower() not in _LOOPBACK_NAMES:
        raise Problem(403, "FOREIGN_HOST", f"this server answers to localhost only, not to {name[:100]!r}")


def _refuse_foreign_pages(headers: Headers) -> None:
    """A page of elsewhere, open in a browser here, must not speak for the user."""
    host, origin = headers.get("host", ""), headers.get("origin")
    is_foreign = origin not in (None, f"http://{host}", f"https://{host}")
    if is_foreign or headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise Problem(403, "FOREIGN_ORIGIN", "a page of another origin may not ask here")


def _refuse_large_body(headers: Headers, scope: Scope) -> None:
    if scope["method"] in _READING or _takes_files(scope["method"], scope["path"]):
        return
    if "transfer-encoding" in headers:
        raise Problem(411, "LENGTH_REQUIRED", "say how long the body is: Content-Length")
    length = headers.get("content-length", "0")
    most = _MAX_BODY_BYTES_OF.get(scope["path"], MAX_BODY_BYTES)
    if not length.isdecimal() or int(length[:20]) > most:
        raise Problem(413, "BODY_TOO_LARGE", f"a body of at most {most:,} bytes is read here")


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
