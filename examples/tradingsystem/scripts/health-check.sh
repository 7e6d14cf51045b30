#!/usr/bin/env bash
# Prints one line per service; the exit status is the number of services that are down.
set -uo pipefail

TIMEOUT=5
failed=0

check_http() {
  local name="$1" url="$2" expected="${3:-200}" status
  status=$(curl -s -o /dev/null --max-time "$TIMEOUT" -w '%{http_code}' "$url")
  if [[ "$status" == "$expected" ]]; then
    printf 'ok    %-24s %s\n' "$name" "$status"
  else
    printf 'DOWN  %-24s %s (expected %s)\n' "$name" "$status" "$expected"
    failed=$((failed + 1))
  fi
}

check_tcp() {
  local name="$1" port="$2"
  if nc -z -w "$TIMEOUT" localhost "$port"; then
    printf 'ok    %s\n' "$name"
  else
    printf 'DOWN  %s\n' "$name"
    failed=$((failed + 1))
  fi
}

check_http edge                 "http://localhost:${EDGE_PORT:-3100}/healthz"
check_http dashboard            "http://localhost:3103/"
check_http workspace-api        "http://localhost:${API_PORT:-3200}/health"
check_http signal-worker        "http://localhost:3210/healthz"
check_http docs-hub             "http://localhost:${DOCS_HUB_PORT:-3400}/" 200
check_http grafana              "http://localhost:${GRAFANA_PORT:-3000}/api/health"
check_tcp  telegram-timescale   "${TELEGRAM_TIMESCALE_PORT:-5434}"

nc -z -w "$TIMEOUT" localhost 6379 || failed=$((failed + 1))

exit "$((failed > 125 ? 125 : failed))"
