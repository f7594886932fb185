"""Errors as an API tells them: application/problem+json (RFC 9457), each with a code that does not change.

What went wrong inside is logged and never sent: no traceback, no path, no address.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from core.errors import EnvironmentFault, InputError, MoodlineError, StoreUnavailable

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"

#: The codes of what the framework refuses by itself.
_CODES: Final = {400: "BODY_UNREADABLE", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}

_SCHEMA: Final = {
    "type": "object",
    "required": ["title", "status", "code", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "A name that does not change."},
        "detail": {"type": "string", "description": "One line: what, with which value, and the remedy."},
    },
}


class Problem(MoodlineError):
    """An answer that is no success: status, code, and one line for a person."""

    def __init__(self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


def problem_response(problem: Problem) -> JSONResponse:
    """Return the answer that tells a problem."""
    document = {
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": str(problem),
    }
    return JSONResponse(document, problem.status, problem.headers, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of these statuses, and of those that any route may answer with."""
    every = sorted({401, 403, 404, 422, 503, *statuses})
    return {status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}
            for status in every}  # fmt: skip


def install(app: FastAPI) -> None:
    """Let every error leave as a problem."""
    app.add_exception_handler(Problem, _tell_problem)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(InputError, _tell_input)
    app.add_exception_handler(StoreUnavailable, _tell_unavailable)
    app.add_exception_handler(EnvironmentFault, _tell_fault)
    app.add_exception_handler(Exception, _tell_unforeseen)


async def _tell_problem(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return problem_response(error)


async def _tell_invalid(_request: Request, error: Exception) -> JSONResponse:
    """Say where the first fault is; the value itself may be long, or not to be repeated."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return problem_response(Problem(422, "INVALID_REQUEST", f"{where}: {first['msg']}"))


async def _tell_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "REFUSED")
    return problem_response(Problem(error.status_code, code, str(error.detail), headers=error.headers))


async def _tell_input(_request: Request, error: Exception) -> JSONResponse:
    return problem_response(Problem(422, "INPUT_REFUSED", " ".join(str(error).split())))


async def _tell_unavailable(_request: Request, error: Exception) -> JSONResponse:
    log.warning("%s", error)
    detail = "the store cannot be used just now; the same call may work later"
    return problem_response(Problem(503, "STORE_UNAVAILABLE", detail, headers={"Retry-After": "5"}))


async def _tell_fault(_request: Request, error: Exception) -> JSONResponse:
    log.error("%s", error)
    detail = "the server's machine is in the way; its log says how, and whoever runs it can mend it"
    return problem_response(Problem(503, "ENVIRONMENT_FAULT", detail, headers={"Retry-After": "60"}))


async def _tell_unforeseen(_request: Request, error: Exception) -> JSONResponse:
    log.error("unforeseen: %s", type(error).__name__, exc_info=error)
    return problem_response(Problem(500, "INTERNAL", "this should not have happened; the server's log says more"))
