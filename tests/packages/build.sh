# shellcheck shell=bash
# The release builds by itself, and makes packages.
# shellcheck disable=SC2154

unpack_release() {
  mkdir -p "$1" && tar -xzf "$TARBALL" -C "$1"
}

# --- the release ------------------------------------------------------------------

lacks() {
  local root=$1 tool
  shift
  for tool; do
    ! enter "$root" sh -c "type $tool" >/dev/null || return 1
  done
}

step_tarball() {
  local root=$work/tarball src=/build/$release
  fresh tarball "$base"
  need "what a release needs" install_in "$root" gcc libc6-dev make pkgconf \
    collectd-dev libcurl4-openssl-dev libyajl-dev libyaml-dev
  is "neither autotools nor pod2man are there" lacks "$root" autoconf automake \
    libtoolize pod2man
  unpack_release "$root/build"
  is "the release configures" enter "$root" sh -c \
    "cd $src && ./configure --prefix=/usr --sysconfdir=/etc"
  is "it builds" enter "$root" make -C "$src"
  is "it installs" enter "$root" make -C "$src" install
  is "its manual is of its version" enter "$root" \
    grep -q "collectd-openstack $version" \
    /usr/share/man/man5/collectd-openstack.5
  is "so are its pages of HTML" enter "$root" \
    grep -q "collectd-openstack $version" \
    /usr/share/doc/collectd-openstack/html/index.html
  is "its spec is of its version" enter "$root" \
    grep -q "^Version: *$version\$" "$src/contrib/rpm/collectd-openstack.spec"
}

# --- Debian's package -----------------------------------------------------------------

# build_deb FOLDER OPTION...: in a source tree below it.
build_deb() {
  local where=$1
  shift
  enter "$work/deb" DEB_BUILD_OPTIONS=parallel=2 "$@" sh -c "cd $where/$release && umask \${UMASK:-022} &&
    exec dpkg-buildpackage --no-sign \$HOW"
}

# The same sources once more in another place, time zone, language and umask.
build_again() {
  enter "$work/deb" sh -c "mkdir -p /elsewhere/and/deeper &&
    cd /elsewhere/and/deeper && dpkg-source -x /build/*.dsc $release" &&
    build_deb /elsewhere/and/deeper HOW=--build=binary UMASK=002 \
      TZ=Asia/Tokyo LC_ALL=C DEB_BUILD_OPTIONS=nocheck\ parallel=2
}

# An older version, whose sample was another: the same files with another number.
make_old() {
  local old=$work/deb/old/x
  enter "$work/deb" dpkg-deb -R "/$deb_path" /old/x &&
    sed -i 's/^Version: .*/Version: 0.0.9-1/' "$old/DEBIAN/control" &&
    echo '# A line of an older version.' >>"$old/etc/collectd/openstack.conf" &&
    enter "$work/deb" dpkg-deb -b /old/x /old
}

equal_packages() {
  local deb
  for deb in "$work"/deb/build/*.deb; do
    sha256sum "$deb" "$work/deb/elsewhere/and/deeper/${deb##*/}"
    cmp "$deb" "$work/deb/elsewhere/and/deeper/${deb##*/}" || return 1
  done
}

# One package for both releases follows the policy of the older one.
lintian_is_silent() {
  local said=$work/lintian.out
  enter "$work/deb" sh -c "lintian -EviI --pedantic --allow-root \
    --suppress-tags out-of-date-standards-version /build/*.changes" \
    >"$said" 2>&1
  cat "$said"
  ! grep -E '^[EWIPXC]:' "$said"
}

is_hardened() {
  local so=/x/usr/lib/collectd/openstack.so
  enter "$work/deb" sh -c "dpkg-deb -x $deb_path /x && readelf -Wd $so" \
    >"$work/elf" || return 1
  enter "$work/deb" readelf -Wl $so >>"$work/elf"
  enter "$work/deb" readelf -W --dyn-syms $so >>"$work/elf"
  cat "$work/elf"
  grep -q BIND_NOW "$work/elf" && grep -q GNU_RELRO "$work/elf" &&
    grep -q __stack_chk_fail "$work/elf" && grep -q '__[a-z]*_chk' "$work/elf"
}

contents_are() {
  local pods
  pods=$(find "$work/deb/build/$release/docs" -name '*.pod' | wc -l)
  enter "$work/deb" dpkg-deb -c "$deb_path" >"$work/contents"
  cat "$work/contents"
  grep -q '^-rw-r----- root/root .* ./etc/collectd/openstack.conf$' \
    "$work/contents" &&
    ! grep 'collectd.conf.d/.*\.conf' "$work/contents" &&
    grep -q '^-rwxr-xr-x root/root .* ./usr/bin/collectd-openstack$' \
      "$work/contents" &&
    [[ $(grep -c ' ./usr/share/man/.*\.gz$' "$work/contents") = $pods &&
      $(grep -c ' ./usr/share/doc/[^/]*/html/collectd.*\.html$' \
        "$work/contents") = "$pods" ]]
}

make_debs() {
  [[ -z ${deb_path:-} ]] || return 0
  fresh deb "$workshop"
  unpack_release "$work/deb/build"
  cp "$TARBALL" "$work/deb/build/${release/-$version/_$version}.orig.tar.gz"
  cp -r "$work/deb/build/$release/contrib/debian" \
    "$work/deb/build/$release/debian"
  need "dpkg-buildpackage, its unit tests included" build_deb /build HOW=
  deb_path=$(cd "$work/deb" && echo build/collectd-openstack_*.deb)
  note "$(stat -c '%n: %s bytes' "$work/deb/$deb_path" | sed 's|.*/||')"
  mkdir "$work/deb/old"
  need "an older version" make_old
  need "cloudsim" enter "$work/deb" sh -c "cd /build/$release &&
    make tests/cloudsim/cloudsim && cp tests/cloudsim/cloudsim /build/"
}

step_deb() {
  make_debs
  is "lintian -EviI --pedantic has nothing to say" lintian_is_silent
  is "the plugin is hardened" is_hardened
  is "a sample for root alone, no drop-in, and each page of the manual" contents_are
  need "it builds again" build_again
  is "built twice, all packages are equal" equal_packages
  sed 's/^/# /' "$work/last.log"
  [[ -z ${PACKAGES_OUT:-} ]] || cp "$work"/deb/build/*.* "$PACKAGES_OUT"
}

# --- an RPM -----------------------------------------------------------------------

# Debian's packages have what it needs, which rpm cannot know.
build_rpm() {
  cp "$TARBALL" "$work/deb/rpm.tar.gz" &&
  enter "$work/deb" sh -c "mkdir -p /rpm && cp /rpm.tar.gz /rpm/$release.tar.gz &&
    rpmbuild -ta --nodeps --define '_topdir /rpm' \
      --define 'with_collectd /usr/include/collectd' /rpm/$release.tar.gz"
}

rpm_holds() {
  enter "$work/deb" sh -c 'rpm -qplv --nosignature /rpm/RPMS/*/*.rpm' \
    >"$work/rpm.list"
  cat "$work/rpm.list"
  grep -q '^-rw-r-----.* root  *root .* /etc/collectd/openstack.conf$' \
    "$work/rpm.list" && grep -q '/collectd/openstack.so$' "$work/rpm.list" &&
    grep -q '/man5/collectd-openstack.5' "$work/rpm.list" &&
    grep -q '/html/collectd-openstack.5.html' "$work/rpm.list"
}

step_rpm() {
  make_debs
  is "rpmbuild -ta" build_rpm
  is "the RPM holds plugin, manual, and a sample for root alone" rpm_holds
  sed 's/^/# /' "$work/last.log"
}

# --- the project's own tests ----------------------------------------------------------

suite_tools=(
  autoconf automake clang libtool python3 python3-openstacksdk python3-yaml
  shellcheck
)

step_suite() {
  local cc root=$work/suite
  fresh suite "$workshop"
  need "what the tests need" install_in "$root" "${suite_tools[@]}"
  unpack_release "$root/suite"
  for cc in gcc clang; do
    note "$(enter "$root" $cc --version | head -n 1)," \
      "libcurl $(enter "$root" pkg-config --modversion libcurl)"
    mkdir -p "$root/suite/$cc"
    is "configure --enable-werror CC=$cc" enter "$root" sh -c \
      "cd /suite/$cc && ../$release/configure --enable-werror CC=$cc"
    is "make, $cc" enter "$root" make -s -j2 -C "/suite/$cc"
    is "make check, $cc" enter "$root" make -s -C "/suite/$cc" check
    grep -E 'skipped:|^(Files=|Result:)' "$work/last.log" | sed 's/^/# /'
  done
}
