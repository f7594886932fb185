"""The API's composition root: store, uploads, tokens and routes put together. Reads no settings and knows no torch."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Final

from fastapi import FastAPI

from api import problems
from api.ahead import load_ahead
from api.files.resumable import ResumableUploads
from api.files.uploads import UploadFolder
from api.gate import OPEN_PREFIX, Gate
from api.metrics import ApiMetrics, Metering
from api.parts import ApiSettings, Parts
from api.pictures import PictureReader
from api.routes import (
    content,
    events,
    exports,
    frames,
    generations,
    health,
    job_errors,
    jobs,
    media,
    metrics,
    models,
    pictures,
    pool,
    records,
    resumable,
    sessions,
    sittings,
    studies,
    subject_changes,
    subjects,
    timelines,
    tracks,
    uploads,
)
from api.routes.pages import page_router, static_files
from api.tokens import TokenFile
from core.documents import NOTICE
from db.store import open_store
from video.limits import MediaLimits

#: A probe takes a second of a processor: whoever only looks is answered first.
_PROBE_NICENESS: Final = 5


def make_app(settings: ApiSettings, *, pictures_by: PictureReader | None = None) -> FastAPI:
    """Return the application with its store open; pictures are read by who is given, or not at all.

    Raises InputError or EnvironmentFault where it cannot be.
    """
    tokens = None if settings.token_file is None else TokenFile(settings.token_file)
    store, media_limits = open_store(settings.db_url), MediaLimits(probe_niceness=_PROBE_NICENESS)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        load_ahead()
        yield
        store.close()

    app = FastAPI(
        title="Moodline",
        version=version("moodline"),
        description=NOTICE,
        openapi_url="/v1/openapi.json",
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    folder = UploadFolder(settings.uploads, settings.upload_limits, media_limits)
    app.state.parts = Parts(
        store=store,
        uploads=folder,
        resumable=ResumableUploads(settings.uploads, folder),
        media_limits=media_limits,
        settings=settings,
        pictures=pictures_by,
    )
    for routes in (
        health,
        sessions,
        uploads,
        resumable,
        exports,
        content,
        events,
        frames,
        generations,
        job_errors,
        jobs,
        media,
        metrics,
        models,
        pictures,
        pool,
        records,
        sittings,
        studies,
        subject_changes,
        subjects,
        timelines,
        tracks,
    ):
        app.include_router(routes.router)
    app.include_router(page_router())
    app.mount(OPEN_PREFIX.rstrip("/"), static_files())
    problems.install(app)
    app.add_middleware(Gate, tokens=tokens)
    app.state.metrics = ApiMetrics(store)
    app.add_middleware(Metering, metrics=app.state.metrics)  # around the gate: what it refuses counts too
    return app
