# Settings and helpers of the real cloud; sourced by the scripts beside it.
# shellcheck shell=bash

SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${REALCLOUD_DIR:?is the folder for everything that the cloud writes}"
: "${REALCLOUD_SERVICES:=keystone glance swift cinder neutron octavia designate manila radosgw placement nova}"
: "${REALCLOUD_TOKEN_LIFE:=3600}" # seconds
: "${REALCLOUD_IMAGES:=300}"
HOST=127.0.0.1
REGION=RegionOne
PASSWORD=realcloud-secret

# The first of 48 ports in a row; chosen once for a cloud, by up.sh.
# shellcheck disable=SC1091
[ ! -r "$REALCLOUD_DIR/settings" ] || . "$REALCLOUD_DIR/settings"

# Debian's own python and the services' own defaults: what a pyenv, a proxy
# or an openrc in the environment says would reach every daemon.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
for v in PYTHONPATH PYTHONHOME VIRTUAL_ENV REQUESTS_CA_BUNDLE http_proxy \
  https_proxy HTTP_PROXY HTTPS_PROXY $(compgen -v OS_); do
  unset "$v"
done
export LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 no_proxy='*'
export REALCLOUD_DIR REALCLOUD_SERVICES REALCLOUD_TOKEN_LIFE REALCLOUD_IMAGES
PY=/usr/bin/python3

ETC=$REALCLOUD_DIR/etc     # configuration, a folder for each service
DB=$REALCLOUD_DIR/db       # SQLite files
LOG=$REALCLOUD_DIR/log
RUN=$REALCLOUD_DIR/run     # NAME.pid: process and its start time
STATE=$REALCLOUD_DIR/state # what the services store
DONE=$REALCLOUD_DIR/done   # steps that need not be done again
PKG=$REALCLOUD_DIR/pkg     # packages that are unpacked, not installed

# The services of another release run in that release's root, a folder that run
# makes and mounts into: there all paths are the same. up.sh and down.sh begin
# with this.
enter_root() { # SCRIPT ARGUMENT...
  [ -n "${REALCLOUD_ROOT:-}" ] && [ -z "${REALCLOUD_INSIDE:-}" ] || return 0
  REALCLOUD_INSIDE=1 exec chroot "$REALCLOUD_ROOT" "$SRC/${1##*/}" "${@:2}"
}

say() { printf '# %s %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
die() { say "ERROR: $*"; exit 1; }

port() {
  local n
  case $1 in
    keystone) n=0 ;; glance) n=1 ;; memcached) n=2 ;; swift) n=3 ;;
    swift-account) n=4 ;; swift-container) n=5 ;; swift-object) n=6 ;;
    cinder) n=7 ;; neutron) n=8 ;; octavia) n=9 ;; designate) n=10 ;;
    manila) n=11 ;; radosgw) n=12 ;; ceph-mon) n=13 ;; ceph-mon-v1) n=14 ;;
    placement) n=15 ;; nova) n=16 ;; ceph-osd) n=17 ;;
    heat) n=18 ;; ironic) n=19 ;; magnum) n=20 ;; trove) n=21 ;; # and 26 more
    *) die "no such service: $1" ;;
  esac
  echo $((REALCLOUD_PORT + n))
}
url() { echo "http://$HOST:$(port "$1")"; }

# The start time of a process: a pid alone might be somebody else's by now.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
alive() {
  local pid at
  { read -r pid at <"$RUN/$1.pid"; } 2>/dev/null || return 1
  [ -n "$at" ] && [ "$(started "$pid")" = "$at" ]
}

# spawn NAME COMMAND...: in a session of its own, so that stop reaches its
# children.  What runs with this very configuration stays as it is.
spawn() {
  local name=$1 sum
  shift
  sum=$({ find "$ETC/$name" "$ETC/$name.ini" -type f -print0 2>/dev/null |
    sort -z | xargs -0r cat; echo "$*"; } | sha1sum)
  if alive "$name"; then
    [ "$(cat "$RUN/$name.sum")" != "$sum" ] || return 0
    stop "$name"
  fi
  echo "$sum" >"$RUN/$name.sum"
  setsid nohup "$@" >>"$LOG/$name.out" 2>&1 </dev/null &
  echo "$! $(started $!)" >"$RUN/$name.pid"
  disown # no job of the shell's, which counts and waits for its own
}

stop() {
  local name=$1 pid
  if alive "$name"; then
    read -r pid _ <"$RUN/$name.pid"
    kill -TERM -- "-$pid" 2>/dev/null || true
    for _ in $(seq 100); do
      kill -0 -- "-$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$pid" 2>/dev/null || true
  fi
  rm -f "$RUN/$name.pid"
}

# wait_http NAME URL: until it answers, whatever it says
wait_http() {
  local name=$1 url=$2 end=$((SECONDS + 90))
  until [ "$(curl -s -o /dev/null -m 20 -w '%{http_code}' "$url")" != 000 ]; do
    alive "$name" || {
      grep -hE 'Error|Exception' "$LOG/$name.out" "$LOG/$name.log" 2>/dev/null |
        tail -n 6 | cut -c1-300 >&2 || :
      die "$name died at its start, see $LOG/$name.*"
    }
    [ $SECONDS -lt $end ] || die "$name does not answer at $url"
    sleep 0.2
  done
}
