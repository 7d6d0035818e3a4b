# The one image of docker-compose.yml: web, worker, beat and migrate differ in their command only.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    RECKONER_ENV=production \
    RECKONER_VAR=/var/lib/reckoner

# A new volume takes the owner of the folder that it is mounted on.
RUN useradd --system --user-group --uid 10001 --no-create-home reckoner \
    && install --directory --owner=reckoner --group=reckoner "$RECKONER_VAR/snapshots" "$RECKONER_VAR/dataset"

WORKDIR /app
COPY requirements.txt .
RUN pip install --quiet --requirement requirements.txt
COPY . .

# The static files belong to the release, so they are in the image and not in a volume. Production settings refuse to
# load without a key and hosts; these two last for this step only.
RUN SECRET_KEY=unused ALLOWED_HOSTS=localhost python manage.py collectstatic --noinput

USER reckoner
EXPOSE 8000
