# shellcheck shell=bash disable=SC2034
neutron_packages="python3-neutron python3-neutron-vpnaas"
neutron_unpack="neutron-common neutron-api neutron-vpnaas-common"

# The API server only, ML2, VPNaaS; pages of 5.  Agents are rows: what is alive
# stays so for a month without a heartbeat.  The quota driver clears old
# reservations in a session of its own, which SQLite keeps waiting in vain.
neutron_config() {
  cp "$PKG/usr/share/neutron-common/api-paste.ini" "$ETC/neutron/"
  cat >"$ETC/neutron/ml2_conf.ini" <<X
[ml2]
type_drivers = local,flat,vlan,vxlan
tenant_network_types = vxlan
mechanism_drivers = openvswitch
extension_drivers = port_security
[ml2_type_flat]
flat_networks = *
[ml2_type_vxlan]
vni_ranges = 1:500
X
  cat >"$ETC/neutron/neutron_vpnaas.conf" <<X
[service_providers]
service_provider = VPN:strongswan:neutron_vpnaas.services.vpn.service_drivers.ipsec.IPsecVPNDriver:default
X
  cat >"$ETC/neutron/neutron.conf" <<X
$(conf_default neutron)
auth_strategy = keystone
core_plugin = ml2
service_plugins = router,vpnaas,network_ip_availability
api_paste_config = $ETC/neutron/api-paste.ini
notify_nova_on_port_status_changes = false
notify_nova_on_port_data_changes = false
dhcp_agent_notification = false
allow_automatic_l3agent_failover = false
pagination_max_limit = ${REALCLOUD_PAGE:-5}
rpc_response_timeout = 3
agent_down_time = 2000000
[quotas]
default_quota = 500
quota_floatingip = 70
quota_port = 1000
quota_router = 50
$(conf_db neutron | sed 's/\.db$/&?timeout=0.5/')
$(conf_authtoken neutron)
$(conf_tail neutron)
X
}

neutron_db() { # its migrations do not run on SQLite: tables from the models
  "$PY" - "sqlite:///$DB/neutron.db" <<'X'
import sys
import sqlalchemy
from neutron_vpnaas.db.models import head
head.get_metadata().create_all(sqlalchemy.create_engine(sys.argv[1]))
X
}

neutron_start() {
  OS_NEUTRON_CONFIG_DIR=$ETC/neutron \
    OS_NEUTRON_CONFIG_FILES="neutron.conf;ml2_conf.ini;neutron_vpnaas.conf" \
    uwsgi_start neutron "$PKG/usr/bin/neutron-api" "threads = 1" \
    "add-header = Connection: close"
}
