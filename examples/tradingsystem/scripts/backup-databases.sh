#!/usr/bin/env bash
# Nightly dump of both databases; keeps a fortnight.
set -euo pipefail

umask 0077
BACKUP_DIR="${BACKUP_DIR:-/var/backups/tradingsystem}"
KEEP_DAYS=14
MIN_SIZE_KB=2048
PGPORT=5432
export PGPORT

mkdir -p "$BACKUP_DIR"
stamp=$(date +%Y%m%d-%H%M)

pg_dump --format=custom workspace >"$BACKUP_DIR/workspace-$stamp.dump"
pg_dump --host localhost --port 5434 --username telegram --format=custom telegram \
  >"$BACKUP_DIR/telegram-$stamp.dump"

for dump in "$BACKUP_DIR"/*-"$stamp".dump; do
  size=$(du -k "$dump" | cut -f 1)
  if ((size < MIN_SIZE_KB)); then
    echo "suspiciously small: $dump ($size kB)" >&2
    exit 1
  fi
  chmod 0640 "$dump"
done

find "$BACKUP_DIR" -name '*.dump' -mtime "+$KEEP_DAYS" -delete
