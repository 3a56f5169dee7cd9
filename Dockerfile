# Matinée as an image. The home (database, data sets, models, backups) is the volume:
#   docker build -t matinee .
#   docker run -d --name matinee --restart unless-stopped -e DISCORD_TOKEN -v matinee:/var/lib/matinee matinee

FROM python:3.13-slim-bookworm AS build
# Without it LightFM would be compiled for the very processor that builds the image.
ENV LIGHTFM_NO_CFLAGS=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.lock .
RUN python -m venv /opt/matinee \
    && sed '/^# runtime:/,$d' requirements.lock > build.lock \
    && sed '/^# development:/,$d' requirements.lock > all.lock \
    && for lock in build.lock all.lock; do \
        /opt/matinee/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps \
            --require-hashes --no-build-isolation -r "$lock" || exit 1; \
    done \
    && /opt/matinee/bin/python -c 'import lightfm' \
    && /opt/matinee/bin/pip uninstall --yes --disable-pip-version-check setuptools pip

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/matinee --create-home matinee
COPY --from=build /opt/matinee /opt/matinee
WORKDIR /app
COPY bot bot
COPY recommender recommender
COPY data data
ENV PATH=/opt/matinee/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MATINEE_HOME=/var/lib/matinee
USER matinee
VOLUME /var/lib/matinee
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
