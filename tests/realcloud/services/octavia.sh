# shellcheck shell=bash disable=SC2034
octavia_packages="python3-octavia"
octavia_unpack="octavia-common octavia-api"

# The API with a provider that does nothing; pages of 10: quotas have to fit
# into one, because its link to the next is a marker that Octavia answers with
# 500.
octavia_config() {
  cat >"$ETC/octavia/octavia.conf" <<X
$(conf_default octavia)
[api_settings]
auth_strategy = keystone
enabled_provider_drivers = noop_driver: the driver that does nothing
default_provider_driver = noop_driver
pagination_max_limit = 10
[controller_worker]
network_driver = network_noop_driver
[quotas]
default_load_balancer_quota = 40
default_listener_quota = 30
default_member_quota = 20
default_pool_quota = 10
default_health_monitor_quota = 9
default_l7policy_quota = 8
default_l7rule_quota = 7
$(conf_db octavia)
pool_timeout =
$(conf_authtoken octavia)
[service_auth]
$(conf_user octavia)
$(conf_tail octavia)
X
}

octavia_db() { # its migrations do not run on SQLite: tables from the models
  "$PY" - "sqlite:///$DB/octavia.db" <<'X'
import sys
import sqlalchemy
from sqlalchemy import orm
from octavia.common import constants as c
from octavia.db import base_models, models as m
engine = sqlalchemy.create_engine(sys.argv[1])
base_models.BASE.metadata.create_all(engine)
session = orm.sessionmaker(bind=engine)()
for names, model in (
        (c.SUPPORTED_PROVISIONING_STATUSES, m.ProvisioningStatus),
        (c.SUPPORTED_OPERATING_STATUSES, m.OperatingStatus),
        (c.SUPPORTED_PROTOCOLS, m.Protocol),
        (c.SUPPORTED_LB_ALGORITHMS, m.Algorithm),
        (c.SUPPORTED_LB_TOPOLOGIES, m.LBTopology),
        (c.SUPPORTED_HEALTH_MONITOR_TYPES, m.HealthMonitorType),
        (c.SUPPORTED_CLIENT_AUTH_MODES, m.ClientAuthenticationMode)):
    for name in names:
        session.merge(model(name=name))
session.commit()
X
}

octavia_start() {
  uwsgi_start octavia /usr/bin/octavia-wsgi \
    "pyargv = --config-file=$ETC/octavia/octavia.conf"
}
