# shellcheck shell=bash disable=SC2034
keystone_packages="python3-keystone"
keystone_unpack="keystone"

keystone_config() {
  cat >"$ETC/keystone/keystone.conf" <<X
$(conf_default keystone)
$(conf_db keystone)
[token]
provider = fernet
expiration = $REALCLOUD_TOKEN_LIFE
[fernet_tokens]
key_repository = $STATE/keystone/fernet-keys
[fernet_receipts]
key_repository = $STATE/keystone/fernet-keys
[credential]
key_repository = $STATE/keystone/credential-keys
[identity]
password_hash_rounds = 4
[cache]
enabled = true
backend = dogpile.cache.memcached
memcache_servers = $HOST:$(port memcached)
$(conf_tail keystone)
X
}

keystone_manage() {
  keystone-manage --config-file "$ETC/keystone/keystone.conf" "$@"
}

keystone_db() {
  local d k u
  u=$(url keystone)/v3/
  # (keystone-manage fernet_setup and credential_setup would take 3 s each)
  for d in fernet-keys credential-keys; do
    mkdir -p -m 700 "$STATE/keystone/$d"
    for k in 0 1; do
      head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' \
        >"$STATE/keystone/$d/$k"
    done
    chmod 600 "$STATE/keystone/$d/"*
  done
  keystone_manage db_sync &&
    keystone_manage bootstrap --bootstrap-password "$PASSWORD" \
      --bootstrap-region-id "$REGION" --bootstrap-admin-url "$u" \
      --bootstrap-public-url "$u" --bootstrap-internal-url "$u"
}

keystone_start() {
  OS_KEYSTONE_CONFIG_FILES=$ETC/keystone/keystone.conf \
    uwsgi_start keystone /usr/bin/keystone-wsgi-public "processes = 2"
}
