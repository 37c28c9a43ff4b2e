# Everything is fetched while the image is built. A container asks the network for nothing but its
# database and Redis, writes nowhere but to /tmp and /app/beat, and is never root.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/run.lock /build/run.lock
RUN python -m venv /venv && /venv/bin/pip install --require-hashes --only-binary :all: -r /build/run.lock
COPY . /app
WORKDIR /app
# The key is for this one command, and no part of the image.
RUN SECRET_KEY=only-to-collect-the-static-files /venv/bin/python manage.py collectstatic --no-input \
    && /venv/bin/python -m compileall -q funnelcrm leads stages

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin funnel \
    && install -d -o funnel -g funnel /app /app/beat
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp FUNNEL_BIND=0.0.0.0:8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=20s --timeout=10s --start-period=20s --retries=3 \
    CMD ["python", "-m", "funnelcrm.health", "web"]
CMD ["gunicorn", "--config", "python:funnelcrm.gunicorn", "funnelcrm.wsgi"]
