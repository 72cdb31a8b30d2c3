# One image for web, worker, beat and release; docker-compose.yml says which command each runs.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/vitay
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home vitay
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=8000
WORKDIR /srv/vitay
COPY --from=build /opt/venv /opt/venv
COPY . .
# Static files with hashed names, made once; the settings given here stay in this line.
RUN SECRET_KEY=- LINK_KEYS=- JWT_KEYS=- PUBLIC_URL=https://build.invalid ALLOWED_HOSTS=- \
        DATABASE_URL=sqlite:///:memory: EMAIL_URL=smtp://- \
        python manage.py collectstatic --noinput \
    && mkdir -p var/media var/mailbox && chown -R vitay var
USER vitay
EXPOSE 8000
# Worker and beat have checks of their own in docker-compose.yml.
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=5)"]
CMD ["bin/process", "web"]
