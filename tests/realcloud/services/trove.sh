# shellcheck shell=bash disable=SC2034
trove_packages="python3-trove"
trove_unpack="trove-common"

# The API alone, which lists the servers of Nova whenever it lists instances.
trove_config() {
  cp "$PKG/usr/share/trove-common/api-paste.ini" "$ETC/trove/"
  cat >"$ETC/trove/trove.conf" <<X
$(conf_default trove | sed "s,^host = .*,host = $HOST,")
bind_host = $HOST
bind_port = $(port trove)
trove_api_workers = 1
api_paste_config = $ETC/trove/api-paste.ini
[service_credentials]
$(conf_user trove)
$(conf_db trove)
$(conf_authtoken trove)
$(conf_tail trove)
X
}

# Its migrations need what Python 3.11 has no more.
trove_db() {
  "$PY" - --config-file "$ETC/trove/trove.conf" <<'X'
import inspect
import sys
inspect.getargspec = lambda f: inspect.getfullargspec(f)[:4]
from trove.common import cfg
from trove.db.sqlalchemy import api
cfg.parse_args(sys.argv)
api.db_sync(cfg.CONF)
X
}

trove_start() {
  spawn trove "$PY" "$SRC/serve.py" trove --config-file "$ETC/trove/trove.conf"
}
