# shellcheck shell=bash
# README's chapter "Install it" in a clean root, command by command, as it stands
# there. What a root has not is stood in for: systemctl (see there), an editor that
# fills in the sample, and the client "openstack".
# shellcheck disable=SC2154

# commands_of HEADING: the indented lines below "### HEADING".
commands_of() {
  awk -v heading="### $1" '
    /^#/ { inside = $0 == heading }
    inside && sub(/^    /, "")
  ' "$work/README.md"
}

stand_ins() {
  local bin=$1/usr/local/bin
  cat >"$bin/editor" <<END
#!/bin/sh
[ "\$1" = /etc/collectd/openstack.conf ] || exit 1
exec sed -i 's|"https://keystone.example.net:5000/v3"|"$auth_url"|' "\$1"
END
  printf '#!/bin/sh\necho "$@" >>/var/log/openstack\n' >"$bin/openstack"
  chmod 755 "$bin/editor" "$bin/openstack"
  # As by pressing Enter where apt asks whether to continue.
  echo 'APT::Get::Assume-Yes "true";' >"$1/etc/apt/apt.conf.d/99yes"
}

# follow NAME HEADING: the block as one script, which ends at the first failure.
follow() {
  local root=$work/$1 script
  script=$(commands_of "$2")
  [[ -n $script ]] || { echo "README has no commands below $2"; return 1; }
  printf '%s\n' "$script" >"$root/follow.sh"
  enter "$root" sh -c "cd /src/$release && exec sh -ex /follow.sh"
}

rrd_files_of_cloud() {
  local files count wanted
  wanted=$(ask_cloud "/sim/expected?meters=image.size" | wc -l)
  files=$(find "$1/var/lib/collectd/rrd/prod" -name '*image.size.rrd' -ls)
  count=$(wc -l <<<"$files")
  echo "$count RRD files of image.size, $wanted images; of them"
  head -n 1 <<<"$files"
  [[ $wanted -gt 0 && $count = "$wanted" ]]
}

role_was_given() {
  grep -q '^user create .*collectd' "$1/var/log/openstack" &&
    grep -q '^role add .*admin' "$1/var/log/openstack"
}

# A release as a checkout would be.
forget_made_files() {
  (cd "$1" && rm -rf configure aclocal.m4 Makefile.in build-aux docs/*.[157] \
    m4/lt*.m4 m4/libtool.m4 contrib/rpm/*.spec)
}

# follow_readme NAME HOW: by "Debian package" or "From the sources".
follow_readme() {
  local name=$1 how=$2 root=$work/$1
  fresh "$name" "$base"
  stand_ins "$root"
  unpack_release "$root/src"
  cp "$root/src/$release/README.md" "$work/README.md"
  [[ -z ${as_checkout:-} ]] || forget_made_files "$root/src/$release"
  is "README, account" follow "$name" "Make an account"
  is "README, a role is given" role_was_given "$root"
  is "README, $how" follow "$name" "$how"
  is "README, configure and enable" follow "$name" "Configure and enable it"
  is "README, collectd runs" is_running "$root"
  is "README, values are in the store that Debian sets up" \
    wait_for 120 rrd_files_of_cloud "$root"
  tail -n 2 "$work/last.log" | sed 's/^/# /'
}

step_readme() {
  make_debs
  [[ -n ${auth_url:-} ]] || need "cloudsim starts" start_cloud
  follow_readme readme-package "Debian package"
  is "README, the package is removed" follow readme-package "Remove the package"
  is "collectd runs without it" is_running "$work/readme-package"
  enter "$work/readme-package" systemctl stop collectd
  as_checkout=yes
  follow_readme readme-sources "From the sources"
  is "README, uninstall" follow readme-sources "Remove what make installed"
  is "collectd runs without it" is_running "$work/readme-sources"
  enter "$work/readme-sources" systemctl stop collectd
}
