# shellcheck shell=bash disable=SC2034
# No daemon: Debian's central agent, for central_agent.py to run.
ceilometer_packages="python3-ceilometer python3-awsauth"

ceilometer_config() {
  mkdir -p "$ETC/ceilometer/pollsters.d"
  cat >"$ETC/ceilometer/polling.yaml" <<X
---
sources:
    - name: all
      interval: 300
      meters:
        - '*'
X
  cat >"$ETC/ceilometer/ceilometer.conf" <<X
$(conf_default ceilometer)
pollsters_definitions_dirs = $ETC/ceilometer/pollsters.d
[polling]
cfg_file = $ETC/ceilometer/polling.yaml
[service_types]
radosgw = object-store-rgw
[rgw_admin_credentials]
access_key = RGWACCESS
secret_key = rgw-secret
[service_credentials]
$(conf_user poller)
interface = public
$(conf_tail ceilometer)
X
}
