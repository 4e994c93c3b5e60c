# shellcheck shell=bash disable=SC2034
swift_packages="python3-swift python3-keystonemiddleware"

# account_listing_limit: an account of 40 containers has two pages
swift_config() {
  local role
  mkdir -p "$STATE/swift/srv/d1" "$STATE/swift/cache"
  cat >"$ETC/swift/swift.conf" <<X
[swift-hash]
swift_hash_path_suffix = real
swift_hash_path_prefix = real
[storage-policy:0]
name = Policy-0
default = yes
[storage-policy:1]
name = silver
[swift-constraints]
account_listing_limit = 30
X
  for role in account container object; do
    cat >"$ETC/swift/$role-server.conf" <<X
[DEFAULT]
$(swift_default "swift-$role")
devices = $STATE/swift/srv
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
recon_cache_path = $STATE/swift/cache
[pipeline:main]
pipeline = $role-server
[app:$role-server]
use = egg:swift#$role
[$role-updater]
concurrency = 1
[$role-auditor]
[$role-replicator]
X
  done
  swift_proxy_config >"$ETC/swift/proxy-server.conf"
}

swift_default() { # what all four say, for the port of $1
  cat <<X
bind_ip = $HOST
bind_port = $(port "$1")
workers = 0
user = $(id -un)
swift_dir = $ETC/swift
log_level = INFO
X
}

swift_proxy_config() {
  local f
  cat <<X
[DEFAULT]
$(swift_default swift)
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging cache listing_formats bulk authtoken keystoneauth copy container_quotas account_quotas slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
$(conf_user swift)
delay_auth_decision = true
cache = swift.cache
service_token_roles_required = true
service_type = object-store
[filter:keystoneauth]
use = egg:swift#keystoneauth
operator_roles = admin, member
reseller_admin_role = ResellerAdmin
system_reader_roles = collectd
[filter:cache]
use = egg:swift#memcache
memcache_servers = $HOST:$(port memcached)
[filter:proxy-logging]
use = egg:swift#proxy_logging
X
  for f in catch_errors gatekeeper healthcheck listing_formats bulk copy \
    container_quotas account_quotas slo dlo versioned_writes symlink; do
    printf '[filter:%s]\nuse = egg:swift#%s\n' "$f" "$f"
  done
}

swift_db() { # the rings: one device, one replica
  "$PY" - "$ETC/swift" "$HOST" "$(port swift-account)" \
    "$(port swift-container)" "$(port swift-object)" <<'X'
import sys
from swift.common.ring import RingBuilder
folder, host, account, container, objects = sys.argv[1:]
for name, port in (('account', account), ('container', container),
                   ('object', objects), ('object-1', objects)):
    ring = RingBuilder(6, 1, 1)
    ring.add_dev({'id': 0, 'region': 1, 'zone': 1, 'ip': host,
                  'port': int(port), 'replication_ip': host,
                  'replication_port': int(port), 'device': 'd1',
                  'weight': 100.0, 'meta': ''})
    ring.rebalance()
    ring.get_ring().save('%s/%s.ring.gz' % (folder, name))
X
}

swift_start() {
  local role
  for role in account container object; do
    spawn "swift-$role" "$PY" "$SRC/serve.py" swift $role \
      "$ETC/swift/$role-server.conf"
  done
  spawn swift "$PY" "$SRC/serve.py" swift proxy "$ETC/swift/proxy-server.conf"
}
