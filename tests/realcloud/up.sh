#!/bin/bash
# Bring up a small real cloud out of Debian's packages, in $REALCLOUD_DIR.
#   up.sh [--only-install | --no-install] [--no-populate] [SERVICE...]
# Can be run again: what runs as configured stays, what is configured
# otherwise by now is restarted, and nothing is populated twice.  Exit status 77:
# packages are missing, and there are no rights to install them.
set -eu -o pipefail
# shellcheck source=tests/realcloud/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
enter_root "$0" "$@"

install=1 only_install=0 populate=1 services=()
for a; do
  case $a in
    --only-install) only_install=1 ;;
    --no-install) install=0 ;;
    --no-populate) populate=0 ;;
    -*) die "unknown option $a" ;;
    *) services+=("$a") ;;
  esac
done
[ ${#services[@]} -gt 0 ] || read -ra services <<<"$REALCLOUD_SERVICES"
# shellcheck source=tests/realcloud/conf.sh
. "$SRC/conf.sh"
for s in "${services[@]}"; do
  # shellcheck source=/dev/null
  . "$SRC/services/$s.sh" || die "no such service: $s"
done

### packages ##################################################################

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_install() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
installed() {
  dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'
}
list_of() { # VARIABLE: its words for all services
  local s v
  for s in "${services[@]}"; do v=${s}_$1; echo "${!v:-}"; done
}

# No daemon may start by itself: they are told so while apt-get runs.
apt_install() (
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap 'as_root rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q \
    -o DPkg::Lock::Timeout=900 install -y --no-install-recommends "$@" \
    </dev/null >"$LOG/apt.log" 2>&1
)

# Packages of daemons are unpacked here, not installed: what we want of them is
# a start script and a paste.ini, not a user, a unit and a question about a
# database.
unpack() {
  local p want=()
  for p; do [ -e "$DONE/unpack.$p" ] || want+=("$p"); done
  [ ${#want[@]} -gt 0 ] || return 0
  (cd "$PKG" && apt-get -q -o APT::Sandbox::User=root download "${want[@]}") \
    >"$LOG/unpack.log" 2>&1 || return 1
  for p in "$PKG"/*.deb; do
    dpkg-deb -x "$p" "$PKG" && rm -f "$p"
  done
  for p in "${want[@]}"; do : >"$DONE/unpack.$p"; done
}

# collectd runs outside of another release's root.
tools() {
  [ -n "${REALCLOUD_INSIDE:-}" ] || echo collectd-core
  echo curl procps python3 uwsgi-core uwsgi-plugin-python3
  # what memcached needs, by the name that it has in this release
  apt-cache pkgnames libevent-2.1-7 | sort | tail -n 1
}

install_packages() {
  local p missing=()
  apt-cache show uwsgi-core >/dev/null 2>&1 || ! may_install ||
    as_root apt-get -q update >"$LOG/apt.log"
  # shellcheck disable=SC2046
  for p in $(tools) $(list_of packages); do
    installed "$p" || missing+=("$p")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    may_install || { say "not installed: ${missing[*]}"; exit 77; }
    say "installing ${missing[*]}"
    apt-cache show "${missing[@]}" >/dev/null 2>&1 || as_root apt-get -q update
    apt_install "${missing[@]}" || { tail -n 20 "$LOG/apt.log" >&2
                                     die "apt-get install failed"; }
  fi
  # shellcheck disable=SC2046
  unpack memcached $(list_of unpack) || die "apt-get download failed, see $LOG/unpack.log"
}

### steps #####################################################################

once() { # STEP COMMAND...
  local step=$1
  shift
  [ -e "$DONE/$step" ] || { "$@" && : >"$DONE/$step"; }
}

# logged NAME COMMAND...: quiet, unless it fails
logged() {
  local log=$LOG/$1.out
  shift
  "$@" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
}

# par COMMAND...: in the background, as many at once as there are CPUs. A file says
# that one failed: bash forgets the status of a process whose id is used again.
par() {
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do sleep 0.1; done
  { "$@" || : >"$RUN/failed"; } &
}
par_wait() {
  wait
  [ ! -e "$RUN/failed" ] || { rm "$RUN/failed"; die "failed, see $LOG"; }
}

make_db() {
  declare -F "$1_db" >/dev/null || return 0
  logged "$1.db" eval "$1_db && db_wal $1"
}
fill() { (cd "$SRC" && logged "$1.populate" "$PY" -m populate "$1"); }
register() {
  local s new=()
  for s; do [ -e "$DONE/$s.register" ] || new+=("$s=$(url "$s")"); done
  [ ${#new[@]} = 0 ] || "$PY" "$SRC/ctl.py" register "${new[@]}"
  for s; do : >"$DONE/$s.register"; done
}
### go ########################################################################

mkdir -p "$ETC" "$DB" "$LOG" "$RUN" "$STATE" "$DONE" "$PKG"
[ $install = 0 ] || install_packages
[ $only_install = 0 ] || exit 0
if [ ! -e "$REALCLOUD_DIR/settings" ]; then
  REALCLOUD_PORT=$("$PY" "$SRC/ctl.py" ports)
  echo "export REALCLOUD_PORT=$REALCLOUD_PORT" >"$REALCLOUD_DIR/settings"
  export REALCLOUD_PORT
fi

start=$SECONDS
others=() # but Keystone; a service without anything to start is only configured
for s in "${services[@]}"; do
  mkdir -p "$ETC/$s" "$STATE/$s"
  "${s}_config"
  [ "$s" = keystone ] || ! declare -F "${s}_start" >/dev/null || others+=("$s")
done
spawn memcached "$PKG/usr/bin/memcached" -u "$(id -un)" -l "$HOST" -p "$(port memcached)" -m 32
if declare -F keystone_start >/dev/null; then
  once keystone.db make_db keystone || die "keystone has no database"
  keystone_start
  wait_http keystone "$(url keystone)/v3"
fi
for s in "${others[@]}"; do par once "$s.db" make_db "$s"; done
if [ $populate = 1 ]; then
  register keystone "${others[@]}"
  once keystone.populate fill keystone || die "keystone cannot be populated"
fi
par_wait
for s in "${others[@]}"; do "${s}_start"; done
for s in "${others[@]}"; do wait_http "$s" "$(url "$s")/"; done
if [ $populate = 1 ]; then
  for s in "${others[@]}"; do par once "$s.populate" fill "$s"; done
  par_wait
fi
say "up after $((SECONDS - start)) s: ${services[*]}"
