# syntax=docker/dockerfile:1.7
FROM python:3.11-slim-bookworm AS libraries
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt \
 && /venv/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim-bookworm AS site
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/data \
    ENVIRONMENT=production BIND_HOST=0.0.0.0 PORT=8000 INSTANCE=/data
WORKDIR /app
COPY --from=libraries /venv /venv
COPY . .
# Write the static files under their hashed names now, because the running site writes only to /data and /tmp.
RUN python -m compileall -q webapp migrations \
 && ENVIRONMENT=development INSTANCE=/tmp/build python -c "import wsgi" \
 && rm -r /tmp/build \
 && install -d -o 10001 -g 10001 -m 0700 /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "scripts/healthcheck.py"]
CMD ["gunicorn", "-c", "gunicorn.conf.py"]
