# syntax=docker/dockerfile:1
# One image for ingest, search, worker, beat and migrate: the command says which.

FROM python:3.11-slim-bookworm AS build
ARG EXTRAS=distributed,transformers
# CPU builds of torch; for a GPU, build with TORCH_INDEX=https://download.pytorch.org/whl/cu128
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/backstory
WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE NOTICE ./
COPY shared shared
COPY services services
RUN /opt/backstory/bin/pip install --constraint constraints.txt \
    --extra-index-url "$TORCH_INDEX" ".[$EXTRAS]"

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/backstory backstory
COPY --from=build /opt/backstory /opt/backstory
ENV PATH=/opt/backstory/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BACKSTORY_LOG_FORMAT=json \
    # Each process of the pool is one core's work: more threads would only get in their way.
    OMP_NUM_THREADS=1 \
    MKL_NUM_THREADS=1 \
    TOKENIZERS_PARALLELISM=false \
    HF_HOME=/var/lib/backstory/models
USER backstory
WORKDIR /var/lib/backstory
# 24 seconds for what is under way, then the next signal.
STOPSIGNAL SIGTERM
CMD ["python", "-m", "backstory_ingest"]
