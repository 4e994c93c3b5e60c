# shellcheck shell=bash disable=SC2034
radosgw_packages="ceph-mon ceph-osd ceph-common radosgw"

# One ceph-mon, one ceph-osd in memory, one radosgw with a usage log.
radosgw_config() {
  local s=$STATE/radosgw
  cat >"$ETC/radosgw/ceph.conf" <<X
[global]
fsid = 11111111-2222-4333-8444-555555555555
mon host = [v2:$HOST:$(port ceph-mon),v1:$HOST:$(port ceph-mon-v1)]
mon initial members = a
public addr = $HOST
cluster addr = $HOST
ms bind port min = $(port ceph-osd)
ms bind port max = $(($(port ceph-osd) + 30))
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd crush chooseleaf type = 0
osd pool default pg num = 2
osd pool default pgp num = 2
osd pool default pg autoscale mode = off
mon max pg per osd = 2000
mon data avail crit = 1
osd objectstore = memstore
memstore device bytes = 1073741824
log file = $LOG/\$name.log
run dir = $s/run
admin socket = $s/run/\$name.asok
keyring = $s/keyring
mon data = $s/mon
osd data = $s/osd
[client.rgw]
rgw data = $s/rgw
rgw frontends = beast endpoint=$HOST:$(port radosgw)
rgw enable usage log = true
rgw usage log flush threshold = 1
rgw usage log tick interval = 1
rgw keystone url = $(url keystone)
rgw keystone api version = 3
rgw keystone admin user = radosgw
rgw keystone admin password = $PASSWORD
rgw keystone admin domain = Default
rgw keystone admin project = service
rgw keystone accepted roles = admin,member,ResellerAdmin
rgw swift account in url = true
X
}

radosgw_keys() { # radosgw_keys ENTITY CAPABILITY...
  local entity=$1
  shift
  ceph-authtool "$STATE/radosgw/keyring" --gen-key -n "$entity" "$@"
}

radosgw_cluster() { # all is in memory, so it is made anew at each start
  local s=$STATE/radosgw
  rm -rf "$s"
  mkdir -p "$s/mon" "$s/osd" "$s/rgw" "$s/run"
  rm -f "$DONE/radosgw.populate"
  ceph-authtool --create-keyring "$s/keyring"
  radosgw_keys mon. --cap mon 'allow *'
  radosgw_keys client.admin --cap mon 'allow *' --cap osd 'allow *'
  radosgw_keys osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
  radosgw_keys client.rgw --cap mon 'allow *' --cap osd 'allow *'
  cp "$s/keyring" "$s/rgw/keyring"
  monmaptool --create --fsid 11111111-2222-4333-8444-555555555555 --addv a \
    "[v2:$HOST:$(port ceph-mon),v1:$HOST:$(port ceph-mon-v1)]" "$s/monmap"
  ceph-mon -c "$ETC/radosgw/ceph.conf" --mkfs -i a --monmap "$s/monmap" \
    --keyring "$s/keyring"
}

radosgw_start() {
  local c=$ETC/radosgw/ceph.conf uuid=22222222-2222-4333-8444-555555555555 n
  alive radosgw && alive ceph-osd && alive ceph-mon && return 0
  for n in radosgw ceph-osd ceph-mon; do stop "$n"; done
  radosgw_cluster >>"$LOG/radosgw.db.out" 2>&1
  spawn ceph-mon ceph-mon -c "$c" -f -i a
  for _ in $(seq 60); do
    ! timeout 5 ceph -c "$c" -s >/dev/null 2>&1 || break
    sleep 0.3
  done
  timeout 10 ceph -c "$c" osd new $uuid >/dev/null
  ceph-osd -c "$c" -i 0 --mkfs --osd-uuid $uuid >>"$LOG/ceph-osd.out" 2>&1
  cp "$STATE/radosgw/keyring" "$STATE/radosgw/osd/keyring"
  spawn ceph-osd ceph-osd -c "$c" -f -i 0
  for _ in $(seq 60); do
    ! timeout 5 ceph -c "$c" osd stat 2>/dev/null | grep -q '1 up' || break
    sleep 0.3
  done
  spawn radosgw radosgw -c "$c" -f -n client.rgw
}
