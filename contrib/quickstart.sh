#!/usr/bin/env bash
# All set-up on a Debian 12 machine, in one command: see usage below.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$top/build-quickstart
policy=/usr/sbin/policy-rc.d

to_build=(
  autoconf automake gcc libc6-dev libtool make pkg-config
  collectd-core collectd-dev libcurl4-openssl-dev libyajl-dev libyaml-dev
)
to_test=(
  libcmocka-dev libmicrohttpd-dev perl python3 python3-openstacksdk python3-yaml
)

held_back=    # collectd-core is being installed, and must not start
scratch=      # what the demo writes
pids=()       # what the demo started

usage() {
  cat <<EOF
Usage: contrib/quickstart.sh demo [--cloud FILE]
       contrib/quickstart.sh check

demo   installs what is needed (apt-get), builds the plugin in
       build-quickstart/, starts a simulated cloud and a collectd of its own
       on loopback, shows the values that arrive, and stops both.
       With --cloud FILE it uses your configuration, a file with a
       <Plugin openstack> block, instead of the simulated cloud.
check  installs, builds, and runs the unit and integration tests.

Run it as root, or as a user who may use sudo. The system's own collectd and
its configuration are left alone; nothing is installed from the build.
EOF
}

say() { printf '==> %s\n' "$*"; }

die() {
  printf 'quickstart: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  else
    sudo "$@"
  fi
}

# Run a command with its output in a log file, of which one sees the end if
# the command fails.
quietly() {
  local log=$build/$1.log
  shift
  mkdir -p "$build"
  "$@" >"$log" 2>&1 && return
  tail -n 40 "$log" >&2
  die "failed: $* (all of it: $log)"
}

# --- packages ---------------------------------------------------------------

installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) = installed ]]
}

# A policy-rc.d that keeps collectd from starting at its installation, and
# asks the one that was there about everything else.
hold_back_collectd() {
  held_back=yes
  if [[ -e $policy ]] && ! grep -qs quickstart "$policy"; then
    as_root mv "$policy" "$policy.kept"
  fi
  as_root tee "$policy" >/dev/null <<EOF
#!/bin/sh
# For the time of an installation by quickstart.sh.
case "\$1" in collectd*) exit 101 ;; esac
if [ -x $policy.kept ]; then exec $policy.kept "\$@"; fi
EOF
  as_root chmod 755 "$policy"
}

release_collectd() {
  held_back=
  as_root rm -f "$policy"
  if [[ -e $policy.kept ]]; then
    as_root mv "$policy.kept" "$policy"
  fi
}

install_packages() {
  local package missing=() new_collectd=
  command -v apt-get >/dev/null ||
    die "no apt-get here; build and test need: ${to_build[*]} ${to_test[*]}"
  for package in "${to_build[@]}" "${to_test[@]}"; do
    installed "$package" || missing+=("$package")
  done
  if [[ ${#missing[@]} -eq 0 ]]; then
    say "all Debian packages needed are installed"
    return
  fi
  say "installing Debian packages: ${missing[*]}"
  installed collectd-core || new_collectd=yes
  [[ -z $new_collectd ]] || hold_back_collectd
  quietly apt-update as_root apt-get update
  quietly apt-install as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
    "${missing[@]}"
  [[ -z $new_collectd ]] || keep_collectd_off
}

keep_collectd_off() {
  release_collectd
  installed collectd-core || return 0
  as_root update-rc.d collectd disable
  say "collectd is new here and its service is off;" \
    "to turn it on: update-rc.d collectd enable"
}

# --- build ------------------------------------------------------------------

build_all() {
  local source=$top
  say "building in ${build#"$PWD"/}"
  [[ -x $top/configure ]] || quietly autogen "$top/autogen.sh"
  if [[ -e $top/config.status ]]; then
    # Configured in place: such a tree serves no second build. A copy does.
    source=$build/src
    quietly copy make -C "$top" distdir distdir="$source"
  fi
  [[ -e $build/config.status ]] ||
    quietly configure in_build "$source/configure"
  quietly make make -C "$build" -j"$(nproc)" all tests/cloudsim/cloudsim
}

in_build() (
  cd "$build"
  "$@"
)

# --- check ------------------------------------------------------------------

check() {
  local failed=0 target
  install_packages
  build_all
  for target in check check-integration; do
    say "make $target"
    make --no-print-directory -C "$build" "$target" \
      PROVE_FLAGS="${PROVE_FLAGS-}" || failed=1
  done
  return "$failed"
}

# --- demo -------------------------------------------------------------------

# wait_until SECONDS COMMAND...: false if it does not come true in time.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [[ $SECONDS -lt $end ]] || return 1
    sleep 0.2
  done
}

start_cloudsim() {
  say "starting a simulated cloud with 20 images (and a few odd records," \
    "of which the plugin tells)"
  "$build/tests/cloudsim/cloudsim" --port 0 --images 20 \
    >"$scratch/cloudsim.out" &
  pids+=($!)
  wait_until 10 grep -q '^cloudsim ready ' "$scratch/cloudsim.out" ||
    die "the simulated cloud does not start"
}

cloudsim_conf() {
  local url
  url=$(sed -n 's/^cloudsim ready //p' "$scratch/cloudsim.out")
  cat <<EOF
<Plugin openstack>
  <Cloud "demo">
    AuthURL           "$url"
    Username          "collectd"
    UserDomainName    "Default"
    Password          "secret"
    ProjectName       "service"
    ProjectDomainName "Default"
    Interval          10
  </Cloud>
</Plugin>
EOF
}

# Around the user's or the simulated cloud's block.
collectd_conf() {
  cat <<EOF
BaseDir    "$scratch"
PIDFile    "$scratch/collectd.pid"
PluginDir  "$scratch/plugins"
FQDNLookup false
LoadPlugin csv
<Plugin csv>
  DataDir "stdout"
</Plugin>
LoadPlugin openstack
Include "$scratch/cloud.conf"
EOF
}

start_collectd() {
  local daemon
  daemon=$(PATH=$PATH:/usr/sbin:/sbin command -v collectd) ||
    die "there is no collectd"
  mkdir "$scratch/plugins"
  cp /usr/lib/collectd/csv.so "$build/src/.libs/openstack.so" \
    "$scratch/plugins"
  collectd_conf >"$scratch/collectd.conf"
  say "starting a private collectd: $daemon -f -C $scratch/collectd.conf"
  : >"$scratch/values"
  # By lines: into a file, the csv plugin would fill a buffer first.
  stdbuf -oL "$daemon" -f -C "$scratch/collectd.conf" \
    >"$scratch/values" 2>"$scratch/log" &
  pids+=($!)
}

collectd_runs() { kill -0 "${pids[-1]}" 2>/dev/null; }

# Values have come and no more do, or collectd has ended.
values_came() {
  local before
  collectd_runs || return 0
  before=$(wc -l <"$scratch/values")
  [[ $before -gt 0 ]] || return 1
  sleep 2
  [[ $(wc -l <"$scratch/values") -eq $before ]]
}

show_values() {
  local count
  wait_until "$1" values_came || true
  say "what collectd says:"
  cat "$scratch/log"
  collectd_runs || die "collectd has ended by itself"
  # What a walk says of itself has a colon: "demo:images".
  count=$(grep -c '/openstack-[^:/]*/' "$scratch/values" || true)
  say "of each kind of value the number, and one of them:"
  by_kind "$scratch/values"
  [[ $count -gt 0 ]] ||
    die "no value of the cloud came within $1 s; collectd says why, see above"
  say "$count values of the cloud came"
}

# From lines "PUTVAL host/plugin-instance/type-meter interval=10.000 time:value"
by_kind() {
  awk '/\/openstack/ {
    split($2, part, "/")
    kind = part[3]
    if (!count[kind]++)
      example[kind] = $2 " = " substr($4, index($4, ":") + 1)
  }
  END {
    for (kind in count)
      printf "%6d  %s\n", count[kind], example[kind]
  }' "$1" | sort -t/ -k3
}

stop_collectd() {
  local start=${EPOCHREALTIME/./} status=0
  kill -TERM "${pids[-1]}"
  wait "${pids[-1]}" || status=$?
  unset 'pids[-1]'
  say "collectd stopped in $(((${EPOCHREALTIME/./} - start) / 1000)) ms," \
    "exit status $status"
  return "$status"
}

demo() {
  local conf=
  if [[ $# -gt 0 ]]; then
    [[ $# -eq 2 && $1 = --cloud ]] || die "demo takes --cloud FILE, not: $*"
    [[ -r $2 ]] || die "cannot read $2"
    conf=$(realpath "$2")
  fi
  install_packages
  build_all
  scratch=$(mktemp -d)
  if [[ -z $conf ]]; then
    start_cloudsim
    cloudsim_conf >"$scratch/cloud.conf"
  else
    # collectd takes a blank in a name for the end of it.
    install -m 0600 "$conf" "$scratch/cloud.conf"
  fi
  start_collectd
  show_values 60
  stop_collectd
}

# ----------------------------------------------------------------------------

clean_up() {
  local pid
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" || true
  done
  [[ -z $scratch ]] || rm -rf "$scratch"
  [[ -z $held_back ]] || keep_collectd_off
}

[[ $top != *[[:space:]]* ]] ||
  die "autoconf cannot build in a folder whose name has a blank: $top"

trap clean_up EXIT
trap 'exit 130' INT TERM

case ${1-} in
demo) demo "${@:2}" ;;
check) check ;;
-h | --help) usage ;;
*)
  usage >&2
  exit 2
  ;;
esac
