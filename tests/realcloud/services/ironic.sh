# shellcheck shell=bash disable=SC2034
ironic_packages="python3-ironic"
ironic_unpack="ironic-common ironic-api"

# The API alone; pages of 7.
ironic_config() {
  cat >"$ETC/ironic/ironic.conf" <<X
$(conf_default ironic)
auth_strategy = keystone
[api]
max_limit = 7
[conductor]
heartbeat_timeout = 2592000
$(conf_db ironic)
$(conf_authtoken ironic)
$(conf_tail ironic)
X
}

ironic_db() { tables_of ironic ironic.db.sqlalchemy.models Base; }

ironic_start() {
  uwsgi_start ironic "$PKG/usr/bin/ironic-api-wsgi" \
    "pyargv = --config-file=$ETC/ironic/ironic.conf"
}
