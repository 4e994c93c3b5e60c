# Pieces of configuration that all services share; sourced by up.sh.
# shellcheck shell=bash

conf_default() { # [DEFAULT] of service $1
  cat <<X
[DEFAULT]
log_file = $LOG/$1.log
use_stderr = false
transport_url = fake://
state_path = $STATE/$1
host = real
X
}

conf_tail() { # the end of the file, for service $1
  cat <<X
[oslo_concurrency]
lock_path = $STATE/$1/lock
[oslo_messaging_notifications]
driver = noop
X
}

conf_db() { # database $1; the section's name is $2
  cat <<X
[${2:-database}]
connection = sqlite:///$DB/$1.db
sqlite_synchronous = false
X
}

conf_user() { # how service user $1 logs in
  cat <<X
auth_type = password
auth_url = $(url keystone)/v3
username = $1
password = $PASSWORD
user_domain_name = Default
project_name = service
project_domain_name = Default
region_name = $REGION
X
}

type_of() { # service $1, as its own access rules call it
  case $1 in
    glance) echo image ;; cinder) echo block-storage ;;
    neutron) echo network ;; nova) echo compute ;; swift) echo object-store ;;
    octavia) echo load-balancer ;; designate) echo dns ;;
    manila) echo sharev2 ;; placement) echo placement ;;
    heat) echo orchestration ;; ironic) echo baremetal ;;
    magnum) echo container-infra ;; trove) echo database ;;
  esac
}

conf_authtoken() { # how service $1 checks tokens
  cat <<X
[keystone_authtoken]
$(conf_user "$1")
www_authenticate_uri = $(url keystone)/v3
memcached_servers = $HOST:$(port memcached)
service_token_roles = service
service_token_roles_required = true
service_type = $(type_of "$1")
X
}

# uwsgi_start NAME WSGI-FILE [LINE...]: with what the *-uwsgi.ini of Debian's
# daemon packages say about HTTP, and an access log that names the client.
uwsgi_start() {
  local name=$1 file=$2
  shift 2
  {
    cat <<X
[uwsgi]
http-socket = $HOST:$(port "$name")
rem-header = Content-Length
buffer-size = 65535
master = true
thunder-lock = true
plugins = python3,logfile,http
lazy-apps = true
no-orphans = true
die-on-term = true
enable-threads = true
listen = 100
need-app = true
logger = file:$LOG/$name.uwsgi
req-logger = file:$LOG/$name.access
log-format = %(host) "%(method) %(uri)" %(status) "%(uagent)"
wsgi-file = $file
X
    printf '%s\n' "$@"
  } >"$ETC/$name.ini"
  spawn "$name" uwsgi_python3 --ini "$ETC/$name.ini"
}

# Tables from the models, of services whose migrations do not run on SQLite.
tables_of() { # SERVICE MODULE CLASS: the base of its models
  "$PY" -c 'import importlib, sys
import sqlalchemy
base = getattr(importlib.import_module(sys.argv[2]), sys.argv[3])
base.metadata.create_all(sqlalchemy.create_engine(sys.argv[1]))
' "sqlite:///$DB/$1.db" "$2" "$3"
}

# A reader that holds a transaction open must not stop the writers.
db_wal() {
  "$PY" -c 'import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("pragma journal_mode=wal")' "$DB/$1.db"
}
