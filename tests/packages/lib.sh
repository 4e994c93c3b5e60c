# shellcheck shell=bash
# What the steps of run share: TAP, roots, a cloud.

tests=0
failed=0

note() { printf '# %s\n' "$*"; }

# is NAME COMMAND...: one test; what the command prints is shown if it fails.
is() {
  local name=$1 log=$work/last.log verdict=ok
  shift
  tests=$((tests + 1))
  if ! "$@" >"$log" 2>&1 </dev/null; then
    verdict='not ok'
    failed=1
  fi
  printf '%s %d - %s: %s\n' "$verdict" "$tests" "$RELEASE" "$name"
  [[ $verdict = ok ]] || tail -n 40 "$log" | sed 's/^/# /'
  [[ $verdict = ok ]]
}

# --- roots --------------------------------------------------------------------

# enter ROOT COMMAND...: with nothing of this environment.
enter() {
  local root=$1
  shift
  chroot "$root" /usr/bin/env -i \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

install_in() {
  local root=$1
  shift
  enter "$root" apt-get -qq update &&
    enter "$root" apt-get -qq install -y --no-install-recommends "$@"
}

# No package starts its daemon here; what it asked for is kept. Nor does a root that
# goes away need to survive a loss of power.
prepare_root() {
  echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/unsafe-io"
  cat >"$1/usr/sbin/policy-rc.d" <<'END'
#!/bin/sh
echo "$@" >>/var/log/policy-rc.d
exit 101
END
  chmod 755 "$1/usr/sbin/policy-rc.d"
  echo "127.0.0.1 localhost $(hostname)" >"$1/etc/hosts"
}

# A clean Debian, made once: what debootstrap makes and nothing else.
make_base() {
  [[ -e $base ]] && return
  debootstrap "$RELEASE" "$base.new" && prepare_root "$base.new" &&
    mv "$base.new" "$base"
}

# The same with all that a package needs to be built, also made once.
make_workshop() {
  [[ -e $workshop ]] && return
  cp -a "$base" "$workshop.new" && mount_into "$workshop.new" &&
    install_in "$workshop.new" "${build_tools[@]}" &&
    umount_from "$workshop.new" && mv "$workshop.new" "$workshop"
}

mount_into() {
  mkdir -p "$cache/$RELEASE.archives" "$1/var/cache/apt/archives" &&
    mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
    mount --bind "$cache/$RELEASE.archives" "$1/var/cache/apt/archives"
}

umount_from() {
  umount -R "$1/var/cache/apt/archives" "$1/dev" "$1/proc"
}

# fresh NAME ROOT: a root like ROOT as $work/NAME; what is changed in it leaves
# ROOT alone.
fresh() {
  local root=$work/$1 below=$2
  mkdir -p "$root" "$root.upper" "$root.work"
  mount -t overlay overlay "$root" \
    -o "lowerdir=$below,upperdir=$root.upper,workdir=$root.work" \
    2>/dev/null || cp -a "$below/." "$root"
  mount_into "$root" && provide_systemctl "$root"
}

# --- a cloud --------------------------------------------------------------------

# cloudsim of the root in which packages were built. It listens on loopback, which
# all roots share. Sets auth_url.
start_cloud() {
  local said=$work/cloudsim.out
  enter "$work/deb" /build/cloudsim --port 0 --images 25 --volumes 17 \
    --floatingips 9 >"$said" 2>&1 </dev/null &
  for _ in {1..300}; do
    auth_url=$(sed -n 's/^cloudsim ready //p' "$said")
    [[ -z $auth_url ]] || return 0
    sleep 0.1
  done
  return 1
}

# ask_cloud PATH
ask_cloud() {
  local where=${auth_url#http://}
  enter "$work/deb" curl -sSf "http://${where%%/*}$1"
}

# --- collectd in a root -----------------------------------------------------------

# Fill in the sample, as an operator would, with the address of our cloud.
edit_sample() {
  sed -i "s|\"https://keystone.example.net:5000/v3\"|\"$auth_url\"|" \
    "$1/etc/collectd/openstack.conf" &&
    grep -q "$auth_url" "$1/etc/collectd/openstack.conf"
}

# A systemctl for a root without systemd, that does what the unit says.
provide_systemctl() {
  install -m 755 "$here/systemctl" "$1/usr/local/bin/systemctl"
}

# And not only at first: a plugin may end it when it begins to read.
is_running() {
  enter "$1" systemctl is-active collectd && sleep 2 &&
    enter "$1" systemctl is-active collectd
}

# wait_for SECONDS COMMAND...: until it is true.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [[ $SECONDS -lt $end ]] || return 1
    sleep 0.5
  done
}
