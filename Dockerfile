# syntax=docker/dockerfile:1
FROM python:3.11-slim AS libraries
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt \
 && /venv/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production BIND_HOST=0.0.0.0 PORT=8000 INSTANCE=/data
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin folkmoot \
 && install -d -o folkmoot -g folkmoot -m 0700 /data
WORKDIR /app
COPY --from=libraries /venv /venv
COPY . .
RUN python -m compileall -q /app
USER folkmoot
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "scripts/healthcheck.py"]
CMD ["gunicorn", "-c", "gunicorn.conf.py"]
