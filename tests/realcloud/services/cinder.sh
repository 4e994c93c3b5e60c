# shellcheck shell=bash disable=SC2034
cinder_packages="python3-cinder"
cinder_unpack="cinder-common cinder-api"

# The API, the scheduler and two backends without storage, in one process;
# pages of 20. What a backend tells of its pools is told in a periodic task: by
# default once a minute, from some time in the first minute on.
cinder_config() {
  cp "$PKG/usr/share/cinder-common/api-paste.ini" \
    "$PKG/etc/cinder/resource_filters.json" "$ETC/cinder/"
  cat >"$ETC/cinder/cinder.conf" <<X
$(conf_default cinder)
auth_strategy = keystone
api_paste_config = $ETC/cinder/api-paste.ini
resource_query_filters_file = $ETC/cinder/resource_filters.json
osapi_volume_listen = $HOST
osapi_volume_listen_port = $(port cinder)
osapi_volume_workers = 1
osapi_max_limit = ${REALCLOUD_PAGE:-20}
periodic_interval = 3
periodic_fuzzy_delay = 0
backend_stats_polling_interval = 3
enabled_backends = back1,back2
[back1]
volume_driver = driver.VolumeDriver
volume_backend_name = back1
[back2]
volume_driver = driver.VolumeDriver
volume_backend_name = back2
[coordination]
backend_url = file://$STATE/cinder/coordination
$(conf_db cinder)
$(conf_authtoken cinder)
[service_user]
$(conf_user cinder)
$(conf_tail cinder)
X
}

cinder_db() {
  "$PY" "$PKG/usr/bin/cinder-manage" \
    --config-file "$ETC/cinder/cinder.conf" db sync
}

cinder_start() {
  spawn cinder "$PY" "$SRC/serve.py" cinder \
    --config-file "$ETC/cinder/cinder.conf"
}
