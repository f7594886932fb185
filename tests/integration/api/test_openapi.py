"""Whatever is asked, in and out of the OpenAPI's rules: no 5xx, no undocumented status or content."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks

from api.app import make_app
from api.files.uploads import UploadLimits
from api.parts import ApiSettings
from api.reference import described
from api.tokens import Scope, add_token
from db.store import open_store
from tests.integration.api.conftest import OneFace, store_of_two_owners

OPENAPI = described()
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

#: Each route with data as it is described; and with data that is not, where it takes any.
QUESTIONS = [
    pytest.param(method, path, mode, id=f"{method} {path} {mode.value}")
    for path, methods in OPENAPI["paths"].items()
    for method, operation in methods.items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.get("parameters") or "requestBody" in operation
]

#: Not asked for: that what is not described is refused. A query's unknown names are ignored, as everywhere on the web.
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


class _Known:
    """What the running test's API knows."""

    ids: dict[str, str]
    token: str


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    folder: Path = tmp_path_factory.mktemp("api")
    url = f"sqlite:///{folder / 'rows.db'}"
    store = open_store(url)
    jobs, open_job = store_of_two_owners(store, folder)
    store.close()
    _Known.ids = {"media_id": jobs["local"].media_id, "job_id": open_job.id, "subject_id": "anna"}
    _Known.token = add_token(folder / "tokens.json", "local", frozenset(Scope))
    app = make_app(
        ApiSettings(
            db_url=url,
            uploads=folder / "uploads",
            token_file=folder / "tokens.json",
            upload_limits=UploadLimits(max_bytes=100_000, quota_bytes=10**6, min_free_bytes=1),
            watch_seconds=0.1,
        ),
        pictures_by=OneFace(),
    )
    _Known.ids["upload_id"] = app.state.parts.resumable.create("local", "clip.mp4", 5, None).id
    yield schemathesis.openapi.from_asgi("/v1/openapi.json", app)
    app.state.parts.store.close()


@pytest.mark.parametrize(("method", "path", "mode"), QUESTIONS)
def test_no_answer_is_unforeseen(api: schemathesis.BaseSchema, method: str, path: str, mode: GenerationMode):
    operation = api[path][method]

    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    def ask(case: schemathesis.Case, is_known: bool) -> None:
        if is_known:  # else almost every id would be nobody's
            names = set(re.findall(r"\{(\w+)\}", case.path)) & set(_Known.ids)
            case.path_parameters.update({name: _Known.ids[name] for name in names})
        case.call_and_validate(headers={"Authorization": f"Bearer {_Known.token}"}, checks=CHECKS)

    ask()
