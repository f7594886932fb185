"""What Prometheus scrapes. Whoever may read may: it names nobody and nothing of anybody's."""

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from api.metrics import ApiMetrics
from api.parts import OwnerOf
from api.problems import documented

router = APIRouter(prefix="/v1", tags=["pool"])


@router.get(
    "/metrics",
    responses=documented()
    | {200: {"description": "Figures.", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    response_class=Response,
)
def show_metrics(request: Request, _owner: OwnerOf) -> Response:
    """Tell requests by route and status, how soon they were answered, and the queue, in Prometheus' text form."""
    metrics: ApiMetrics = request.app.state.metrics
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)
