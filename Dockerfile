# syntax=docker/dockerfile:1
# Three images. `producer` submits, migrates and asks, `api` serves: no torch, some 0.5 GB. `worker` analyses: torch, some 7 GB.
#   docker build --target producer --tag moodline-producer .
#   docker build --target api      --tag moodline-api .
#   docker build --target worker   --tag moodline-worker .
# Which Python they are built on is pinned by digest where they are built: docs/deploy.md, "Pinning".
ARG PYTHON_IMAGE=python:3.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS source
WORKDIR /source
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY core core
COPY video video
COPY fer_model fer_model
COPY db db
COPY producer producer
COPY worker worker
COPY training training
COPY api api
COPY cli cli
RUN python -m venv /opt/moodline

FROM source AS producer-install
RUN /opt/moodline/bin/pip install --no-cache-dir .

FROM source AS api-install
# With what records need: change points, Parquet.
RUN /opt/moodline/bin/pip install --no-cache-dir '.[api,records]'

FROM source AS worker-install
# One command, so that torch and torchvision are chosen together.
RUN /opt/moodline/bin/pip install --no-cache-dir '.[worker]'

FROM ${PYTHON_IMAGE} AS runtime
# Numbers, so that Kubernetes and compose can prove that it is not root, and so that secret files can be given to it.
# A new volume takes over the owner of the folder that it is mounted on.
RUN groupadd --gid 10001 moodline \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin moodline \
    && install --directory --owner 10001 --group 10001 --mode 0750 /uploads
ENV PATH=/opt/moodline/bin:$PATH \
    PYTHONUNBUFFERED=1
WORKDIR /opt/moodline
USER 10001:10001
ENTRYPOINT ["moodline"]

FROM runtime AS producer
COPY --from=producer-install /opt/moodline /opt/moodline
CMD ["--help"]

FROM runtime AS api
COPY --from=api-install /opt/moodline /opt/moodline
CMD ["serve"]

FROM runtime AS worker
COPY --from=worker-install /opt/moodline /opt/moodline
CMD ["worker"]
