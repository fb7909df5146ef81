#!/bin/sh
# Runs once, when the database is made: the role of web, worker and beat. What it may do is granted after each migration.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --set password="$POSTGRES_APP_PASSWORD" <<'SQL'
CREATE ROLE chatdock_app LOGIN PASSWORD :'password';
SQL
