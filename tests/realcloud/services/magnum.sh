# shellcheck shell=bash disable=SC2034
magnum_packages="python3-magnum"
magnum_unpack="magnum-common"

# The API alone; pages of 7.  Whoever is of the domain magnum is a cluster, and
# not let in.
magnum_config() {
  cp "$PKG/usr/share/magnum-common/api-paste.ini" "$ETC/magnum/"
  cat >"$ETC/magnum/magnum.conf" <<X
$(conf_default magnum)
service_down_time = 2592000
[api]
api_paste_config = $ETC/magnum/api-paste.ini
max_limit = 7
$(conf_db magnum)
$(conf_authtoken magnum)
[trust]
trustee_domain_name = magnum
trustee_domain_admin_name = magnum-domain
trustee_domain_admin_domain_name = magnum
trustee_domain_admin_password = $PASSWORD
[keystone_auth]
$(conf_user magnum)
$(conf_tail magnum)
X
}

magnum_db() { tables_of magnum magnum.db.sqlalchemy.models Base; }

magnum_start() {
  uwsgi_start magnum /usr/bin/magnum-api-wsgi \
    "pyargv = --config-file=$ETC/magnum/magnum.conf"
}
