# An adapter of the testbed for Potluck: BENCH_ADAPTERS=bench/testbed SCRIPT.sh potluck.
# Variants: adaptive (default), classic.
POTLUCK=${POTLUCK:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/potluck}
check() { need java || return 1; "$POTLUCK" version >/dev/null 2>&1 || { echo "$POTLUCK does not run"; return 1; }; }
info() { echo "$("$POTLUCK" version 2>/dev/null | head -1): mutual TLS 1.3, tickets, every piece verified; a dedicated tracker on host trk; daemons started before the clock, potluck get on it; selector ${VARIANT:-adaptive}"; }
pl() { on "$1" "$POTLUCK" "${@:2}" 2>/dev/null; }           # HOST WORDS...
ready() { local n; for n in {1..1200}; do grep -q '^ready ' "$RUN/$1.log" && return; nap 0.05; done; note "$1 is not ready"; return 1; }
up() {  # HOST SHARE
  : >"$RUN/$1.log"
  bg "$1" "$POTLUCK" up --share "$2" --name "$1" --listen "$(ip_of "$1"):7420" --selector "${VARIANT:-adaptive}" --join "$(pl trk invite --at "$RUN/directory")"
  ready "$1"
}
prepare() {
  "$POTLUCK" version >/dev/null 2>&1
  bg trk "$POTLUCK" tracker --state "$RUN/directory" --listen "$(ip_of trk):7420" --memory && ready trk
}
start_seed() {
  mkdir -p "$RUN/seed.share"; cp -al "$1/$NAME" "$RUN/seed.share/" 2>/dev/null || cp -a "$1/$NAME" "$RUN/seed.share/"
  up seed "$RUN/seed.share" && pl seed update --at "$RUN/seed.share" >/dev/null
}
prep_leecher() {  # a daemon, and a user at its shell
  up "l$1" "$2" || return 1
  mkfifo "$RUN/l$1.in"
  bg "l$1" bash -c "'$POTLUCK' shell --at '$2' <'$RUN/l$1.in' >'$RUN/l$1.shell'"
  exec {SHELLS[$1]}>"$RUN/l$1.in"
  echo status >&"${SHELLS[$1]}"
  local n; for n in {1..400}; do grep -q directory "$RUN/l$1.shell" 2>/dev/null && return; nap 0.05; done; note "l$1: the shell does not answer"; return 1
}
start_leecher() {
  if [ -d "$RUN/seed.share/$NAME" ]; then
    bg "l$1" bash -c "'$POTLUCK' get --at '$2' --wait 30s -r '$NAME' && : >'$2.done'"
  else
    echo "get --wait 30s $NAME" >&"${SHELLS[$1]}"
  fi
}
done_check() {  # what is fetched is never there before it is whole and verified
  [ -d "$RUN/seed.share/$NAME" ] || { [ -e "$2/$NAME" ] && : >"$2.done"; }
  [ -e "$2.done" ]
}
