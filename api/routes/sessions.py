"""A browser's session: its token in a cookie that no script can read and that other sites cannot send."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.gate import SESSION_COOKIE, SESSION_PATH, bearer_token
from api.parts import OwnerOf
from api.problems import Problem, documented

router = APIRouter(prefix=SESSION_PATH, tags=["session"])


@router.post("", status_code=204, responses=documented(411, 413), response_class=Response)
def begin_session(request: Request, _owner: OwnerOf) -> Response:
    """Keep the token that this request bears in a cookie, for the pages of this server."""
    token = bearer_token(request.headers)
    if token is None:
        raise Problem(422, "NO_TOKEN", "a session is made of a token: Authorization: Bearer TOKEN")
    answer = Response(status_code=204)
    answer.set_cookie(
        SESSION_COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/"
    )
    return answer


@router.delete("", status_code=204, responses=documented(411, 413), response_class=Response)
def end_session(request: Request, _owner: OwnerOf) -> Response:
    """Forget the cookie."""
    answer = Response(status_code=204)
    answer.delete_cookie(
        SESSION_COOKIE, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/"
    )
    return answer
