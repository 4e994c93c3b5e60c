# shellcheck shell=bash disable=SC2034
manila_packages="python3-manila"
manila_unpack="manila-common manila-api"

# The API, the scheduler and a backend without storage, in one process.
manila_config() {
  cp "$PKG/usr/share/manila-common/api-paste.ini" "$ETC/manila/"
  cat >"$ETC/manila/manila.conf" <<X
$(conf_default manila)
auth_strategy = keystone
api_paste_config = $ETC/manila/api-paste.ini
osapi_share_listen = $HOST
osapi_share_listen_port = $(port manila)
osapi_share_workers = 1
enabled_share_backends = back
enabled_share_protocols = NFS,CIFS
default_share_type = default
share_name_template = share-%s
[back]
share_driver = driver.ShareDriver
share_backend_name = back
driver_handles_share_servers = false
[coordination]
backend_url = file://$STATE/manila/coordination
$(conf_db manila)
$(conf_authtoken manila)
$(conf_tail manila)
X
}

manila_db() { tables_of manila manila.db.sqlalchemy.models BASE; }

manila_start() {
  spawn manila "$PY" "$SRC/serve.py" manila \
    --config-file "$ETC/manila/manila.conf"
}
