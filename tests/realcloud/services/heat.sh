# shellcheck shell=bash disable=SC2034
heat_packages="python3-heat"
heat_unpack="heat-common"

# The API and an engine in one process.  By Heat's own policy an administrator
# may not list the stacks of all projects: here, who polls may.
heat_config() {
  cp "$PKG/etc/heat/api-paste.ini" "$ETC/heat/"
  echo '"stacks:global_index": "role:admin"' >"$ETC/heat/policy.yaml"
  cat >"$ETC/heat/heat.conf" <<X
$(conf_default heat)
num_engine_workers = 1
[oslo_policy]
policy_file = $ETC/heat/policy.yaml
[paste_deploy]
api_paste_config = $ETC/heat/api-paste.ini
[heat_api]
bind_host = $HOST
bind_port = $(port heat)
workers = 1
[trustee]
$(conf_user heat)
[clients_keystone]
auth_uri = $(url keystone)
$(conf_db heat)
$(conf_authtoken heat)
$(conf_tail heat)
X
}

# 2025.1 has its models elsewhere.
heat_db() {
  local module=heat.db.sqlalchemy.models
  "$PY" -c 'import heat.db.models' 2>/dev/null && module=heat.db.models
  tables_of heat "$module" BASE
}

heat_start() {
  spawn heat "$PY" "$SRC/serve.py" heat --config-file "$ETC/heat/heat.conf"
}
