#!/usr/bin/env bash
# Frees the ports of the development servers after a crash.
set -u

npx --yes kill-port 3103 3200

pids=$(lsof -ti :4007 || true)
if [[ -n "$pids" ]]; then
  # shellcheck disable=SC2086
  kill -15 $pids
  sleep 2
fi

fuser --kill --signal TERM 4010/tcp 2>/dev/null || true
