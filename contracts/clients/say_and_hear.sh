#!/usr/bin/env bash
# A whole client of Samsyn's HTTPS profile: says the event in the file given, then prints whatever the agency is told.
# SAMSYN_EXCHANGE_URL=https://… SAMSYN_TOKEN=… ./say_and_hear.sh event.json [cursor]
set -euo pipefail
exchange="$SAMSYN_EXCHANGE_URL/v1" token="Authorization: Bearer $SAMSYN_TOKEN" cursor=${2:-}

ask() { # away: the same again with the same id, until there is an answer
  local shown
  until shown=$(curl -sS -w '\n%{http_code}' -H "$token" "$@") && [[ ${shown##*$'\n'} -lt 500 ]]; do sleep 2; done
  echo "${shown%$'\n'*}"
}

ask "$exchange/events" -H "Content-Type: application/cloudevents+json" --data-binary "@$1"
while page=$(ask "$exchange/inbox?wait=25${cursor:+&cursor=$cursor}"); do
  [[ $page == '{"events":['* ]] || { echo "$page" >&2; exit 1; } # another place to read from: see GET /v1/state
  [[ $page == '{"events":[]'* ]] || echo "$page"                 # keep it: asking on acknowledges it
  cursor=${page##*:} cursor=${cursor%\}}
done
