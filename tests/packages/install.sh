# shellcheck shell=bash
# A package's life in a clean root: installed, enabled, upgraded, removed, purged.
# shellcheck disable=SC2154

conf=etc/collectd/openstack.conf
dropin=etc/collectd/collectd.conf.d/openstack.conf

# list_files ROOT FOLDER...: what may not differ, but for what other packages write.
list_files() {
  (cd "$1" && find "${@:2}" -xdev ! -path 'etc/ssl/*' ! -name '*.cache' \
    ! -name '.pwd.lock' | sort)
}

apt_install() {
  enter "$1" apt-get -qq install -y --no-install-recommends "${@:2}"
}

# collectd's own values go to files that can be read here.
write_csv() {
  cat >"$1/etc/collectd/collectd.conf.d/test-csv.conf" <<'END'
LoadPlugin csv
<Plugin csv>
  DataDir "/var/lib/collectd/csv"
</Plugin>
END
}

# values_arrive ROOT METER...: all that cloudsim expects, and no others.
values_arrive() {
  local root=$1 meter id value file found wanted=0 there
  local csv=$root/var/lib/collectd/csv/prod
  shift
  for meter; do
    while read -r id _ value; do
      wanted=$((wanted + 1))
      file=$(ls "$csv/openstack-$id/"*"-$meter-"????-??-?? 2>/dev/null)
      [[ -s $file ]] || { echo "no $meter of $id"; return 1; }
      found=$(tail -n 1 "$file" | cut -d, -f2)
      awk "BEGIN { exit !($found == $value) }" ||
        { echo "$meter of $id is $found, not $value"; return 1; }
    done < <(ask_cloud "/sim/expected?meters=$meter")
    there=$(find "$csv" -name "*-$meter-????-??-??" | wc -l)
    echo "$meter: $there"
  done
  there=$(for meter; do find "$csv" -name "*-$meter-????-??-??"; done | wc -l)
  echo "$wanted values expected, $there series arrived"
  [[ $wanted -gt 0 && $wanted = "$there" ]]
}

meters=(image.size volume.size ip.floating)

values_arrive_soon() {
  wait_for 120 values_arrive "$1" "${meters[@]}" >"$work/values.out" 2>&1 ||
    { tail -n 8 "$work/values.out"; return 1; }
  tail -n 6 "$work/values.out"
}

forget_values() {
  enter "$1" systemctl stop collectd
  rm -rf "$1/var/lib/collectd/csv"
}

restart() {
  enter "$1" systemctl restart collectd
}

is_disabled() {
  [[ -e $1/$conf && $(stat -c %a "$1/$conf") = 640 ]] &&
    ! [[ -e $1/$dropin || -L $1/$dropin ]]
}

enable_plugin() {
  enter "$1" ln -s ../openstack.conf /etc/collectd/collectd.conf.d/
}

# The edit stays, and the new sample is there to be compared.
keeps_edit() {
  grep -q "$auth_url" "$1/$conf" && [[ $(stat -c %a "$1/$conf") = 640 ]] &&
    [[ -e $1/$conf.dpkg-dist && -L $1/$dropin ]]
}

asked_to_restart() {
  grep -q '^collectd .*try-restart' "$1/var/log/policy-rc.d"
}

put_aside() {
  ! [[ -L $1/$dropin || -e $1/$dropin ]] && [[ -L $1/$dropin.removed ]] &&
    grep -q "$auth_url" "$1/$conf"
}

# A mistake is found before it stops collectd.
mistake_is_shown() {
  local said
  sed -i 's/AuthURL/AuthURI/' "$1/$conf"
  said=$(enter "$1" collectd -T -C /usr/share/collectd-openstack/try.conf 2>&1) &&
    return 1
  sed -i 's/AuthURI/AuthURL/' "$1/$conf"
  echo "$said"
  grep -q AuthURI <<<"$said"
}

# The collectd that runs meanwhile writes files of its own, of another host.
tries_without_writing() {
  local before
  before=$(list_files "$1" etc)
  enter "$1" collectd -T -C /usr/share/collectd-openstack/try.conf \
    >"$work/try.out" 2>&1 || { tail "$work/try.out"; return 1; }
  grep -c '^PUTVAL.*prod/openstack-' "$work/try.out" || return 1
  diff <(echo "$before") <(list_files "$1" etc) &&
    ! find "$1/var/lib/collectd" -name prod | grep .
}

step_install() {
  local root=$work/install old before
  make_debs
  need "cloudsim starts" start_cloud
  fresh install "$base"
  need "collectd, as Debian has it" install_in "$root" collectd
  before=$(list_files "$root" etc usr)
  old=$(cd "$work/deb/old" && echo collectd-openstack_*.deb)
  cp "$work/deb/old/$old" "$work/deb/$deb_path" "$root/"
  write_csv "$root"

  need "an older package installs" apt_install "$root" "/$old"
  is "it is disabled, its sample for root alone" is_disabled "$root"
  is "collectd starts" restart "$root"
  is "the sample is filled in" edit_sample "$root"
  is "it can be tried, and no store is written to" tries_without_writing "$root"
  is "a mistake is shown before it does harm" mistake_is_shown "$root"
  is "one command enables it" enable_plugin "$root"
  is "collectd starts with it" restart "$root"
  is "the values of the cloud arrive" values_arrive_soon "$root"
  sed 's/^/# /' "$work/last.log"

  is "the new package upgrades it" apt_install "$root" \
    -o Dpkg::Options::=--force-confold "/${deb_path##*/}"
  is "the edited configuration stays, and enabled" keeps_edit "$root"
  is "a running collectd is asked to restart" asked_to_restart "$root"
  forget_values "$root"
  is "collectd starts with the new plugin" restart "$root"
  is "the values arrive again" values_arrive_soon "$root"

  is "the package is removed" enter "$root" apt-get -qq remove -y \
    collectd-openstack
  is "the drop-in is put aside, and the configuration kept" put_aside "$root"
  is "collectd starts without the plugin" restart "$root"
  is "it runs" is_running "$root"
  forget_values "$root"
  is "the package comes back" apt_install "$root" "/${deb_path##*/}"
  is "collectd starts once more" restart "$root"
  is "and so do the values" values_arrive_soon "$root"

  # With the libraries that came with it, some of which collectd recommends.
  is "the package is purged" enter "$root" apt-get -qq purge -y --auto-remove \
    -o APT::AutoRemove::RecommendsImportant=false \
    -o APT::AutoRemove::SuggestsImportant=false collectd-openstack
  is "collectd starts after the purge" restart "$root"
  is "it runs then" is_running "$root"
  enter "$root" systemctl stop collectd
  rm -f "$root/etc/collectd/collectd.conf.d/test-csv.conf"
  list_files "$root" etc usr >"$work/after"
  is "nothing of it is left" diff <(echo "$before") "$work/after"
}
