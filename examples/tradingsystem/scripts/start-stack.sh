#!/usr/bin/env bash
# Starts everything on a developer machine: networks, containers, and the MTProto
# bridge, which runs natively. With --local the workspace API runs from source.
set -euo pipefail

cd "$(dirname "$0")/.."
LOG_DIR="${LOG_DIR:-/tmp/tradingsystem}"
mkdir -p "$LOG_DIR"

for network in frontend_net backend_net telegram_net; do
  docker network inspect "$network" >/dev/null 2>&1 || docker network create "$network"
done

echo "Starting the MTProto bridge…"
(cd apps/telegram-mtproto && TELEGRAM_MTPROTO_PORT=4007 npm start >"$LOG_DIR/mtproto.log" 2>&1 &)

docker compose --env-file .env -f tools/compose/docker-compose.telegram.yml up -d --wait --wait-timeout 180
docker compose --env-file .env -f tools/compose/docker-compose.apps.yml up -d
docker compose --env-file .env -f tools/compose/docker-compose.monitoring.yml up -d

if [[ "${1:-}" == "--local" ]]; then
  docker compose -f tools/compose/docker-compose.apps.yml stop --timeout 30 workspace-api
  (cd apps/workspace-api && PORT=3200 npm start >"$LOG_DIR/workspace-api.log" 2>&1 &)
fi

echo "Dashboard: http://localhost:${DASHBOARD_PORT:-3103}"
