# shellcheck shell=bash disable=SC2034
placement_packages="python3-placement"

placement_config() {
  cat >"$ETC/placement/placement.conf" <<X
$(conf_default placement)
[api]
auth_strategy = keystone
$(conf_db placement placement_database)
$(conf_authtoken placement)
$(conf_tail placement)
X
}

placement_db() {
  placement-manage --config-file "$ETC/placement/placement.conf" db sync
}

placement_start() {
  OS_PLACEMENT_CONFIG_DIR=$ETC/placement \
    uwsgi_start placement /usr/bin/placement-api "threads = 1"
}
