#!/usr/bin/env bash
# First aid for "no new Telegram messages": see docs/runbooks/telegram-sync.md
set -euo pipefail

echo "== MTProto bridge (native)"
curl http://localhost:4007/health
echo

echo "== Gateway"
curl -fsS --max-time 5 --retry 3 --retry-delay 2 http://localhost:4006/health
echo

echo "== Can the gateway reach the bridge?"
docker exec telegram-gateway-api curl -sS --connect-timeout 3 http://localhost:4010/health/ready
echo

echo "== Queue"
curl -fsS -u telegram:telegram http://localhost:5680/api/overview | head -c 2000

echo "== Messages of the last 24 hours (1440 minutes)"
psql -h localhost -p 5434 -U telegram -d telegram \
  -c "SELECT count(*) FROM messages WHERE sent_at > now() - interval '1440 minutes'"
