# shellcheck shell=bash disable=SC2034
glance_packages="python3-glance"
glance_unpack="glance-common glance-api"

# api_limit_max: several pages for a few hundred images.  token_cache_time: a
# token that Keystone has revoked is noticed after seconds, not minutes.
glance_config() {
  cp "$PKG/usr/share/glance-common/glance-api-paste.ini" \
    "$PKG/usr/share/glance-common/schema-image.json" "$ETC/glance/"
  : >"$ETC/glance/glance-image-import.conf"
  mkdir -p "$STATE/glance/images" "$STATE/glance/staging" "$STATE/glance/tasks"
  cat >"$ETC/glance/glance-api.conf" <<X
$(conf_default glance)
enabled_backends = file:file
image_size_cap = 104857600
api_limit_max = ${REALCLOUD_PAGE:-100}
$(conf_db glance)
[image_format]
require_image_format_match = false
[glance_store]
default_backend = file
[file]
filesystem_store_datadir = $STATE/glance/images
[os_glance_staging_store]
filesystem_store_datadir = $STATE/glance/staging
[os_glance_tasks_store]
filesystem_store_datadir = $STATE/glance/tasks
[paste_deploy]
flavor = keystone
config_file = $ETC/glance/glance-api-paste.ini
$(conf_authtoken glance)
token_cache_time = 5
$(conf_tail glance)
X
}

glance_db() {
  "$PY" "$PKG/usr/bin/glance-manage" \
    --config-file "$ETC/glance/glance-api.conf" db_sync
}

glance_start() {
  OS_GLANCE_CONFIG_DIR=$ETC/glance \
    uwsgi_start glance "$PKG/usr/bin/glance-wsgi-api" "processes = 2" \
    "http-auto-chunked = true" "http-chunked-input = true" \
    "http-raw-body = true" "socket-timeout = 10" \
    "add-header = Connection: close" "wsgi-manage-chunked-input = true"
}
