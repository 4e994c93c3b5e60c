# shellcheck shell=bash disable=SC2034
designate_packages="python3-designate"
designate_unpack="designate-common designate-api"

# Central and API in one process.
designate_config() {
  cp "$PKG/usr/share/designate-common/api-paste.ini" "$ETC/designate/"
  cat >"$ETC/designate/designate.conf" <<X
$(conf_default designate)
[service:api]
listen = $HOST:$(port designate)
auth_strategy = keystone
api_base_uri = $(url designate)/
enable_host_header = true
enable_api_v2 = true
api_paste_config = $ETC/designate/api-paste.ini
threads = 20
[service:central]
managed_resource_email = real@example.org
$(conf_db designate storage:sqlalchemy)
$(conf_authtoken designate)
$(conf_tail designate)
X
}

designate_db() {
  "$PY" "$PKG/usr/bin/designate-manage" \
    --config-file "$ETC/designate/designate.conf" database sync &&
    "$PY" - "$DB/designate.db" <<'X'
import sqlite3
import sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("""insert into pool_ns_records
        (id, version, pool_id, priority, hostname)
        select 'a0000000000000000000000000000001', 1, id, 1,
        'ns1.example.org.' from pools""")
    db.execute("""insert into pool_targets (id, version, pool_id, type)
        select 'a0000000000000000000000000000002', 1, id, 'fake'
        from pools""")
X
}

designate_start() {
  spawn designate "$PY" "$SRC/serve.py" designate \
    --config-file "$ETC/designate/designate.conf"
}
