# shellcheck shell=bash disable=SC2034
nova_packages="python3-nova"
nova_unpack="nova-common"

# The API, the conductor and the scheduler in one process, two cells; pages of
# 7.  Compute services are rows: what is up stays so for a month without a
# heartbeat, and what is down has had its last one years ago.
nova_config() {
  cp "$PKG/usr/share/nova-common/api-paste.ini" "$ETC/nova/"
  cat >"$ETC/nova/nova.conf" <<X
$(conf_default nova)
my_ip = $HOST
osapi_compute_listen = $HOST
osapi_compute_listen_port = $(port nova)
osapi_compute_workers = 1
enabled_apis = osapi_compute
service_down_time = 2592000
rpc_response_timeout = 3
[api]
auth_strategy = keystone
max_limit = 7
[wsgi]
api_paste_config = $ETC/nova/api-paste.ini
$(conf_db nova)
$(conf_db nova_api api_database)
$(conf_authtoken nova)
$(for s in placement neutron glance cinder service_user; do
  echo "[$s]"
  conf_user nova
done)
$(conf_tail nova)
X
}

nova_manage() {
  "$PY" "$PKG/usr/bin/nova-manage" --config-file "$ETC/nova/nova.conf" "$@"
}

nova_db() {
  nova_manage api_db sync &&
    nova_manage cell_v2 map_cell0 \
      --database_connection "sqlite:///$DB/nova_cell0.db" &&
    nova_manage db sync &&
    nova_manage cell_v2 create_cell --name cell1 \
      --database_connection "sqlite:///$DB/nova.db" --transport-url fake:// &&
    db_wal nova_api && db_wal nova_cell0
}

# Its scheduler asks Placement for its versions, and ends if nobody answers.
nova_start() {
  wait_http placement "$(url placement)/"
  spawn nova "$PY" "$SRC/serve.py" nova --config-file "$ETC/nova/nova.conf"
}
