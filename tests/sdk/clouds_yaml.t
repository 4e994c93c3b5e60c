#!/usr/bin/python3
"""clouds.yaml as openstacksdk reads it, held against openstacksdk itself.

Both log in to the same pretended Keystone. Compared is what it is asked, which
endpoints come of its catalogue, and how TLS is set up. Where the plugin differs
on purpose, the case says its answer. Releases differ: Debian 12's is 0.101,
Debian 13's 4.4. OPENSTACKSDK is the folder of another than the installed one.
"""

import contextlib
import http.server
import importlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import warnings

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))

from harness import done, find, like, ok, skip_all  # noqa: E402

SERVICES = ("image", "block-storage", "network", "object-store",
            "load-balancer", "dns", "shared-file-system")
# As catalogues have them; "other" is for service types of the operator's own.
CATALOGUE = ("image", "volumev3", "network", "object-store", "load-balancer",
             "dns", "sharev2", "other")
REGIONS = ("One", "Two")
INTERFACES = ("public", "internal", "admin")

# ---- a pretended Keystone ---------------------------------------------------


class Keystone(http.server.BaseHTTPRequestHandler):
    """Lets everybody in, and remembers what was asked."""

    protocol_version = "HTTP/1.1"
    asked = []

    def log_message(self, *args):
        pass

    def answer(self, status, body, **headers):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path.endswith("/auth/tokens"):
            self.asked.append("looked up " + self.headers["X-Subject-Token"])
            self.answer(200, token(), X_Subject_Token="token")
            return
        versions = {"id": "v3.14", "status": "stable", "links": [
            {"rel": "self", "href": self.server.url}]}
        if self.path.rstrip("/").endswith("v3"):
            self.answer(200, {"version": versions})
        else:
            self.answer(300, {"versions": {"values": [versions]}})

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.asked.append(json.loads(self.rfile.read(length)))
        self.answer(201, token(), X_Subject_Token="token")


def token():
    return {"token": {
        "methods": ["password"], "issued_at": "2030-01-01T00:00:00.000000Z",
        "expires_at": "2030-01-01T01:00:00.000000Z", "user": {
            "id": "u", "name": "u", "domain": {"id": "d", "name": "d"}},
        "catalog": [{"type": type_, "name": type_, "id": type_, "endpoints": [
            {"interface": interface, "region": region, "region_id": region,
             "id": type_, "url": url_of(type_, region, interface)}
            for region in REGIONS for interface in INTERFACES]}
            for type_ in CATALOGUE]}}


def url_of(type_, region, interface):
    return "http://%s.%s.%s" % (type_, region, interface)


# ---- theirs ----------------------------------------------------------------


def endpoint(region, service, name):
    """as a Connection finds it: the operator's, or the catalogue's"""
    override = region.get_endpoint(service)
    if override:
        return override.rstrip("/")
    session = region.get_session()
    return session.auth.get_access(session).service_catalog.url_for(
        service_type=region.get_service_type(service),
        interface=region.get_interface(service), region_name=name)


def resolve_theirs(library, cloud):
    config = library.OpenStackConfig()
    names = [r["name"] for r in config._get_regions(cloud)]
    regions = [config.get_one(cloud, region_name=n or None) for n in names]
    verify, cert = regions[0].get_requests_verify_args()
    cert, key = cert if isinstance(cert, tuple) else (cert, None)
    pairs = [(regions[0], r) for r in REGIONS] if names == [""] else \
        list(zip(regions, names))
    answer = {"verify": bool(verify), "cert": cert or None, "key": key,
              "cacert": verify if isinstance(verify, str) else None}
    answer["warnings"] = []
    answer["endpoints"] = {s: sorted({endpoint(r, s, name)
                                      for r, name in pairs})
                           for s in SERVICES}
    return answer


def theirs(cloud, folder, environment):
    """It looks at folder and environment while it is loaded: that is now."""
    before = dict(os.environ), os.getcwd()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return resolve_theirs(importlib.reload(loader), cloud)
    except Exception as e:
        return {"refused": "%s: %s" % (type(e).__name__, e)}
    finally:
        os.environ.clear()
        os.environ.update(before[0])
        os.chdir(before[1])


# ---- ours ------------------------------------------------------------------


def ours(cloud, folder, environment):
    conf = '<Plugin openstack>\n<Cloud "%s">\n</Cloud>\n</Plugin>\n' % cloud
    run = subprocess.run([find("RESOLVE", "tests/sdk/resolve"), *SERVICES],
                         input=conf, stdout=subprocess.PIPE, text=True,
                         cwd=folder, env=environment, timeout=60)
    if run.returncode != 0:
        return {"died": run.returncode}
    answer = json.loads(run.stdout)
    if "endpoints" in answer:
        answer["endpoints"] = {s: sorted(set(urls))
                               for s, urls in answer["endpoints"].items()}
        if not answer["verify"]:
            answer["cacert"] = None     # which then says nothing
            answer["warnings"] = [x for x in answer["warnings"]
                                  if "TLS is not verified" not in x]
    return answer


# ---- the cases -------------------------------------------------------------

AUTH = """\
    auth:
      auth_url: URL
      username: u
      password: p
      project_name: s
      user_domain_name: UD
      project_domain_name: PD
"""
PROD = "clouds:\n  prod:\n" + AUTH


def entry(auth, beside=""):
    return "clouds:\n  prod:\n    auth: {auth_url: 'URL', %s}\n%s" % (
        auth, beside)


def user(scope, beside=""):
    return entry("username: u, password: p, user_domain_id: default, " + scope,
                 beside)


def by_password(who, project, password="p"):
    """what Keystone is asked"""
    return {"auth": {"identity": {"methods": ["password"], "password": {
        "user": dict(who, password=password)}}, "scope": {"project": project}}}


CREDENTIAL = {"auth": {"identity": {
    "methods": ["application_credential"],
    "application_credential": {"id": "c", "secret": "p"}}}}


def profile(beside, profile_says):
    return {"clouds": PROD + "    profile: v\n" + beside,
            "clouds-public": "public-clouds:\n  v:\n" + profile_says}


def said_twice(key):
    return ('config: <Cloud "prod">: FOLDER/.config/openstack/clouds.yaml: %s '
            "stands in auth and, with another value, beside it; the one in "
            "auth counts" % key)


# What is said of it: a name; files (or clouds.yaml alone); and perhaps `ours`,
# where the plugin differs on purpose: the line that refuses it (a pattern), or
# members of the answer.
CASES = [
    ("password, project and domains by name", PROD),
    ("ids", entry("user_id: u, password: p, project_id: s")),
    ("both ids and names", entry(
        "user_id: u, username: n, password: p, project_id: s, project_name: t,"
        " user_domain_id: a, user_domain_name: b, project_domain_id: c, "
        "project_domain_name: d")),
    ("domains by id and by name", user(
        "user_domain_name: UD, project_name: s, project_domain_name: PD, "
        "project_domain_id: pd")),
    ("default_domain_id", entry(
        "username: u, password: p, project_name: s, default_domain_id: dd")),
    ("default_domain_id beside names of domains", PROD.replace(
        "      username", "      default_domain_id: dd\n      username")),
    ("v3password knows no default_domain_id", PROD +
     "    default_domain_id: dd\n    auth_type: v3password\n"),
    ("default_domain_name", entry(
        "username: u, password: p, project_name: s, default_domain_name: DD")),
    ("default_domain is the command line client's", entry(
        "username: u, password: p, project_name: s, default_domain: dd"),
     {"login": [by_password({"name": "u", "domain": {"id": "dd"}},
                            {"name": "s", "domain": {"id": "dd"}})]}),
    ("a domain that nobody names is Default", entry(
        "username: u, password: p, project_id: s"),
     {"login": [by_password({"name": "u", "domain": {"name": "Default"}},
                            {"id": "s"})]}),
    ("domain_id of a project's login is both domains", entry(
        "username: u, password: p, project_name: s, domain_id: d")),
    ("domain_id before user_domain_name", entry(
        "username: u, password: p, project_name: s, domain_id: d, "
        "user_domain_name: UD")),
    ("domain_name of a project's login is both domains", entry(
        "username: u, password: p, project_name: s, domain_name: D")),
    ("user_domain_name before domain_name", entry(
        "username: u, password: p, project_name: s, domain_name: D, "
        "user_domain_name: UD")),
    ("scope of a domain by id", user("domain_id: d")),
    ("scope of a domain by name", user("domain_name: D")),
    ("scope of a domain, beside auth", user("", "    domain_name: D\n")),
    ("scope of the system", user("system_scope: all")),
    ("no scope of the system", user("system_scope: false, project_id: s")),
    ("scope of a trust", user("trust_id: t")),
    ("two scopes", user("trust_id: t, project_id: s"),
     r"trust_id and project_id contradict each other"),
    ("tenant_name", user("tenant_name: s, project_domain_id: d")),
    ("tenant_id", user("tenant_id: s")),
    ("project_name before tenant_name", user(
        "tenant_name: t, project_name: s, project_domain_id: d")),
    ("user_name", entry("user_name: u, user_domain_id: d, password: p, "
                        "project_id: s")),
    ("dashes for underscores", entry(
        "user-id: u, password: p, project-id: s",
        "    region-name: Two\n    image-endpoint-override: http://i\n")),
    ("everything beside auth", "clouds:\n  prod:\n" + AUTH.replace(
        "    auth:\n", "").replace("      ", "    ")),
    ("in auth before beside it", PROD + "    username: v\n    password: q\n"
     "    project_name: t\n    auth_url: http://127.0.0.1:1/v3\n",
     {"warnings": [said_twice(key) for key in (
         "auth_url", "password", "username", "project_name")]}),
    ("numbers are texts", entry("username: 1000, password: 1234, "
                                "user_domain_id: 2.5, project_id: 7")),
    ("what looks like a date or an octal number stays what it is", entry(
        "user_id: 0123, password: 2030-01-01, project_id: 1_000"),
     {"login": [by_password({"id": "0123"}, {"id": "1_000"}, "2030-01-01")]}),
    ("quotes, and what only looks like YAML", entry(
        "user_id: 'no', password: \"p: #\\u00fc\\\"{}\", project_id: 'null'")),
    ("empty texts", entry("user_id: '', username: u, user_domain_id: '', "
                          "user_domain_name: UD, password: p, project_id: s",
                          "    region_name: ''\n    cacert: ''\n")),
    ("null where the entry may be empty", PROD.replace(
        "      username", "      user_id:\n      username") +
     "    cacert: ~\n    cert: null\n    interface: internal\n"),
    ("an anchor", "x: &p p\ny: &a {auth_url: URL, user_id: u, password: *p, "
     "project_id: s}\nclouds:\n  prod:\n    auth: *a\n"),
    ("a merged anchor", "x: &a\n  auth: &b {auth_url: URL, user_id: x, "
     "password: p, project_id: s}\n  region_name: Two\nclouds:\n  prod:\n"
     "    <<: *a\n    auth:\n      <<: *b\n      user_id: u\n"),
    ("several merged anchors", "x: &a {auth_url: URL, user_id: u}\n"
     "y: &b {<<: *a, user_id: v, password: p}\nclouds:\n  prod:\n    auth:\n"
     "      project_id: s\n      <<: [*b, *a]\n"
     "    <<: {dns_endpoint_override: 'http://d'}\n"),
    ("the last of two keys counts", entry(
        "user_id: t, user_id: u, password: p, project_id: s")),
    # ways to log in
    ("application credential", entry(
        "application_credential_id: c, application_credential_secret: p",
        "    auth_type: v3applicationcredential\n")),
    ("application credential by name", entry(
        "application_credential_name: c, username: u, user_domain_name: D, "
        "application_credential_secret: p",
        "    auth_type: v3applicationcredential\n")),
    ("application credential by id and name", entry(
        "application_credential_name: c, application_credential_id: d, "
        "user_id: u, application_credential_secret: p",
        "    auth_type: v3applicationcredential\n")),
    ("application credential beside a password's auth", PROD +
     "    application_credential_secret: x\n"
     "    application_credential_id: c\n"),
    ("application credential in a password's auth", PROD.replace(
        "      username", "      application_credential_secret: x\n"
        "      application_credential_id: c\n      username"),
     {"login": [by_password({"name": "u", "domain": {"name": "UD"}},
                            {"name": "s", "domain": {"name": "PD"}})]}),
    ("password beside an application credential's auth", entry(
        "application_credential_id: c, application_credential_secret: p, "
        "user_id: u", "    auth_type: v3applicationcredential\n"
        "    password: p\n")),
    ("password in an application credential's auth", entry(
        "application_credential_id: c, application_credential_secret: p, "
        "user_id: u, password: p",
        "    auth_type: v3applicationcredential\n"),
     {"login": [CREDENTIAL]}),
    ("an application credential has a scope of its own", entry(
        "application_credential_id: c, application_credential_secret: p, "
        "project_id: s", "    auth_type: v3applicationcredential\n"),
     {"login": [CREDENTIAL]}),
    ("application credential without auth_type", entry(
        "application_credential_id: c, application_credential_secret: p"),
     {"login": [CREDENTIAL]}),
    ("token of a project", entry("token: t, project_id: s",
                                 "    auth_type: token\n")),
    ("token of a project, v3token", entry(
        "token: t, project_name: s, project_domain_id: d",
        "    auth_type: v3token\n")),
    ("token of a domain", entry("token: t, domain_id: d",
                                "    auth_type: v3token\n")),
    ("token of the system", entry("token: t, system_scope: all",
                                  "    auth_type: v3token\n")),
    ("token of a trust", entry("token: t, trust_id: tr",
                               "    auth_type: v3token\n")),
    ("auth_token", entry("auth_token: t, project_id: s",
                         "    auth_type: v3token\n")),
    ("token beside a password", PROD + "    token: t\n",
     {"login": [by_password({"name": "u", "domain": {"name": "UD"}},
                            {"name": "s", "domain": {"name": "PD"}})]}),
    ("a token without a scope stays what it is", entry(
        "token: t", "    auth_type: v3token\n"), {"login": ["looked up t"]}),
    ("auth_plugin says nothing", PROD + "    auth_plugin: v3token\n"),
    ("unknown auth_type", PROD + "    auth_type: v9magic\n",
     r"auth_type \"v9magic\" is not supported"),
    ("auth_type that the plugin has not", PROD + "    auth_type: "
     "v3oidcpassword\n", r"auth_type \"v3oidcpassword\" is not supported"),
    ("auth_type none", PROD + "    auth_type: none\n",
     r"auth_type \"none\" is not supported"),
    ("Keystone v2", PROD + "    identity_api_version: '2.0'\n",
     r"identity_api_version \"2\.0\" is not supported"),
    ("Keystone v3", PROD + "    identity_api_version: 3\n"),
    # regions, interfaces, endpoints
    ("region_name", PROD + "    region_name: Two\n"),
    ("region_name with a comma", PROD + "    region_name: Two,One\n"),
    ("a key that is no text", PROD + "    cert: [a, b]\n",
     r"clouds\.yaml: cert: expected a text, not a list"),
    ("a quoted <<", PROD + "    '<<': {region_name: Two}\n"),
    ("region_name that is a list", PROD + "    region_name: [Two, One]\n"),
    ("regions", PROD + "    regions: [One, Two]\n"),
    ("regions before region_name", PROD + "    regions: [Two]\n"
     "    region_name: One\n"),
    ("no regions", PROD + "    regions: []\n"),
    ("regions with names", PROD + "    regions:\n    - name: Two\n"
     "    - name: One\n      values: {}\n"),
    ("regions with values", PROD + "    regions:\n    - name: Two\n"
     "      values: {dns_api_version: '2'}\n",
     {"warnings": ['config: <Cloud "prod">: FOLDER/.config/openstack/clouds.yaml: the values of '
                   'region "Two" are not taken']}),
    ("a region's name in a URL", PROD + "    region_name: Two\n"
     "    image_endpoint_override: 'http://{region_name}'\n",
     r'image_endpoint_override "http://{region_name}": '),
    ("interface", PROD + "    interface: admin\n"),
    ("endpoint_type", PROD + "    endpoint_type: internal\n"),
    ("endpoint_type before interface", PROD + "    endpoint_type: internal\n"
     "    interface: admin\n"),
    ("internalURL", PROD + "    interface: internalURL\n"),
    ("a list of interfaces", PROD + "    interface: [internal, public]\n",
     r"interface: expected a text, not a list"),
    ("unknown interface", PROD + "    interface: sideways\n",
     r"clouds\.yaml: interface \"sideways\": expected one of public, internal, admin"),
    ("endpoint overrides", PROD + "    image_endpoint_override: http://i/\n"
     "    block_storage_endpoint_override: http://b\n"
     "    object-store-endpoint-override: http://o\n"
     "    sharev2_endpoint_override: http://s\n"
     "    load_balancer_endpoint_override: http://l\n"),
    ("volume's endpoint is block storage's", PROD +
     "    volume_endpoint_override: http://b\n"
     "    share_endpoint_override: http://s\n"),
    ("the older word is endpoint", PROD + "    image_endpoint: http://i\n"
     "    dns_endpoint: http://old\n    dns_endpoint_override: http://d\n"),
    ("an override of null", PROD + "    image_endpoint_override: null\n"),
    ("service types", PROD + "    image_service_type: other\n"
     "    volumev3_service_type: other\n"),
    # TLS
    ("verify", PROD + "    verify: true\n"),
    ("verify: false", PROD + "    verify: false\n"),
    ("verify: no", PROD + "    verify: no\n"),
    ("verify names a file", PROD + "    verify: FOLDER/ca.pem\n"),
    ("cacert before verify", PROD + "    verify: FOLDER/key.pem\n"
     "    cacert: FOLDER/ca.pem\n"),
    ("insecure", PROD + "    insecure: true\n"),
    ("insecure: off", PROD + "    insecure: off\n"),
    ("insecure before verify", PROD + "    insecure: yes\n"
     "    verify: true\n"),
    ("cacert, cert, key", PROD + "    cacert: FOLDER/ca.pem\n"
     "    cert: FOLDER/ca.pem\n    key: FOLDER/key.pem\n"),
    ("cacert that is not used", PROD + "    cacert: FOLDER/ca.pem\n"
     "    verify: false\n"),
    ("files at home", PROD + "    cacert: ~/ca.pem\n"
     "    cert: ~/ca.pem\n    key: ~/key.pem\n"),
    ("a key without a certificate", PROD + "    key: FOLDER/key.pem\n",
     r"ClientKey needs ClientCert"),
    # files
    ("secure.yaml", {"clouds": PROD.replace("password: p", "password: x"),
                     "secure": "clouds: {prod: {auth: {password: p}}}\n"}),
    ("secure.yaml with an entry's rest", {
        "clouds": "clouds: {prod: {region_name: Two}}\n", "secure": PROD}),
    ("an entry in secure.yaml alone", {
        "clouds": "clouds: {other: {}}\n", "secure": PROD}),
    ("beside auth in secure.yaml", {
        "clouds": PROD, "secure": "clouds: {prod: {password: x}}\n"},
     {"warnings": [said_twice("password")]}),
    ("null in secure.yaml takes away", {
        "clouds": PROD + "    cacert: FOLDER/ca.pem\n",
        "secure": "clouds: {prod: {cacert: null}}\n"}),
    ("a profile fills the gaps", profile(
        "    interface: internal\n",
        "    auth: {auth_url: 'http://127.0.0.1:1', user_domain_id: x}\n"
        "    region_name: Two\n    interface: admin\n"
        "    image_endpoint_override: http://i\n")),
    ("region_name before the profile's regions", profile(
        "    region_name: Two\n", "    regions: [One, Two]\n")),
    ("the profile's regions", profile("", "    regions: [Two]\n"
                                      "    region_name: One\n")),
    ("an override before the profile's", profile(
        "    image_endpoint_override: http://i\n",
        "    image_endpoint_override: http://x\n"
        "    dns_endpoint_override: http://d\n")),
    ("an override of null before the profile's", profile(
        "    image_endpoint_override: null\n",
        "    image_endpoint_override: http://x\n")),
    ("cloud is an older word for profile", {
        "clouds": PROD + "    cloud: v\n",
        "clouds-public": "public-clouds: {v: {region_name: Two}}\n"}),
    ("no such profile", PROD + "    profile: nowhere\n",
     r"profile \"nowhere\" is not in clouds-public\.yaml"),
    ("unknown cloud", "clouds: {other: {}}\n"),
    ("no file", {}),
    ("no clouds", "other: {}\n"),
    ("an empty file", ""),
    ("no auth", "clouds: {prod: {}}\n"),
    ("JSON", {"clouds.json": json.dumps({"clouds": {"prod": {"auth": {
        "auth_url": "URL", "user_id": "u", "password": "p",
        "project_id": "s"}, "verify": False}}})}),
    ("clouds.yml", {"clouds.yml": PROD}),
    ("YAML before JSON", {"clouds.yml": PROD, "clouds.json": "{}"}),
]

# What openstacksdk 4 answers otherwise, and we do not. It takes what stands
# beside auth for projects, domains and tokens, and what stands in it for all
# else, though its own comment wants auth preferred. A token in auth is lost by
# that: Keystone is sent the text "None".
TOKEN = {"identity": {"methods": ["token"], "token": {"id": "t"}}}
NEWER = {
    "in auth before beside it": [by_password(
        {"name": "u", "domain": {"name": "UD"}},
        {"name": "s", "domain": {"name": "PD"}})],
    "token of a project": {"project": {"id": "s"}},
    "token of a project, v3token": {"project": {
        "name": "s", "domain": {"id": "d"}}},
    "token of a domain": {"domain": {"id": "d"}},
    "token of the system": {"system": {"all": True}},
    "token of a trust": {"OS-TRUST:trust": {"id": "tr"}},
}
NEWER = {name: {"login": [{"auth": dict(TOKEN, scope=want)}]
                if isinstance(want, dict) else want}
         for name, want in NEWER.items()}

# The search for files, and the environment: files by path below the folder,
# variables, cloud, and perhaps ours.
OTHER = PROD.replace("username: u", "username: other")
PLACES = [
    ("OS_CLIENT_CONFIG_FILE comes first",
     {"mine": PROD, "clouds": OTHER},
     {"OS_CLIENT_CONFIG_FILE": "FOLDER/mine"}),
    ("OS_CLIENT_CONFIG_FILE must be there",
     {"clouds": PROD},
     {"OS_CLIENT_CONFIG_FILE": "FOLDER/mine"}, "prod",
     r"FOLDER/mine: cannot be read: No such file or directory"),
    ("OS_CLIENT_SECURE_FILE",
     {"clouds": OTHER,
      "mine": "clouds: {prod: {auth: {username: u}}}\n"},
     {"OS_CLIENT_SECURE_FILE": "FOLDER/mine"}),
    ("XDG_CONFIG_HOME before ~/.config",
     {"clouds": OTHER,
      "xdg/openstack/clouds.yaml": PROD}, {"XDG_CONFIG_HOME": "FOLDER/xdg"}),
    ("~/.config behind XDG_CONFIG_HOME",
     {"clouds": PROD},
     {"XDG_CONFIG_HOME": "FOLDER/xdg"}),
    ("~/.config before XDG_CONFIG_DIRS",
     {"clouds": PROD,
      "site/openstack/clouds.yaml": OTHER},
     {"XDG_CONFIG_DIRS": "FOLDER/site"}),
    ("XDG_CONFIG_DIRS", {"site/openstack/clouds.yaml": PROD},
     {"XDG_CONFIG_DIRS": "FOLDER/site"}),
    ("secure.yaml has a search of its own",
     {"clouds": OTHER, "xdg/openstack/secure.yaml":
      "clouds: {prod: {auth: {username: u}}}\n"},
     {"XDG_CONFIG_HOME": "FOLDER/xdg"}),
    ("the current folder is not searched", {"cwd/clouds.yaml": PROD}, {}, "prod",
     r"no clouds\.yaml"),
    ("envvars", {}, {
        "OS_AUTH_URL": "URL", "OS_USERNAME": "u", "OS_PASSWORD": "p",
        "OS_PROJECT_NAME": "s", "OS_USER_DOMAIN_NAME": "UD",
        "OS_PROJECT_DOMAIN_ID": "pd", "OS_REGION_NAME": "Two",
        "OS_INTERFACE": "internal", "OS_IDENTITY_API_VERSION": "3"},
     "envvars"),
    ("envvars in older words", {}, {
        "OS_AUTH_URL": "URL", "OS_USERNAME": "u", "OS_PASSWORD": "p",
        "OS_TENANT_NAME": "s", "OS_DEFAULT_DOMAIN_ID": "d",
        "OS_ENDPOINT_TYPE": "adminURL", "OS_REGION_NAME": "One,Two"},
     "envvars"),
    ("envvars of an application credential", {}, {
        "OS_AUTH_URL": "URL", "OS_AUTH_TYPE": "v3applicationcredential",
        "OS_APPLICATION_CREDENTIAL_ID": "c", "OS_INSECURE": "true",
        "OS_APPLICATION_CREDENTIAL_SECRET": "p"}, "envvars"),
    ("envvars with an endpoint", {}, {
        "OS_AUTH_URL": "URL", "OS_USER_ID": "u", "OS_PASSWORD": "p",
        "OS_PROJECT_ID": "s", "OS_IMAGE_ENDPOINT_OVERRIDE": "http://i"},
     "envvars"),
    ("envvars beside OS_CLOUD", {}, {
        "OS_AUTH_URL": "URL", "OS_USER_ID": "u", "OS_PASSWORD": "p",
        "OS_PROJECT_ID": "s", "OS_CLOUD": "envvars"}, "envvars"),
    ("envvars without an environment", {}, {}, "envvars"),
    ("an entry does not see the environment",
     {"clouds": PROD},
     {"OS_USERNAME": "other", "OS_REGION_NAME": "Two"}),
]
PEM = {"ca.pem": "-----BEGIN CERTIFICATE-----\n",
       "key.pem": "-----BEGIN PRIVATE KEY-----\n"}


# ---- both ------------------------------------------------------------------


def path_of(name):
    """"secure" stands for the one that an operator has"""
    home = name.startswith("clouds") or name == "secure"
    return ".config/openstack/%s%s" % (
        name, "" if "." in name else ".yaml") if home else name


def answered(who, *args):
    """with what Keystone was asked meanwhile"""
    del Keystone.asked[:]
    answer = who(*args)
    if "refused" not in answer:
        # asked again for each service that is not there
        answer["login"] = [x for i, x in enumerate(Keystone.asked)
                           if x not in Keystone.asked[:i]]
    return answer


def compare(name, got, want, differs):
    """`differs` names our answer, else it is to be theirs"""
    if isinstance(differs, str):
        like(got.get("refused", str(got)), differs, name + ": refused")
        return
    if "refused" in got and "refused" in want and not differs:
        ok(True, name + ": both refuse it")
        return
    if differs and "refused" in want:
        want = {}
    want = dict(want, **(differs or {}))
    wrong = ["%s: %s, not %s" % (k, got.get(k), want[k])
             for k in sorted(want) if got.get(k) != want[k]]
    ok(not wrong, name + (": on purpose" if differs else ""),
       "\n".join(wrong + [got.get("refused", "")]))


def try_case(url, name, files, environment, cloud="prod", differs=None):
    with tempfile.TemporaryDirectory() as folder:
        def filled(text):
            return text.replace("URL", url).replace("FOLDER", folder)

        for file, text in dict(PEM, **files).items():
            path = os.path.join(folder, path_of(file))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as out:
                out.write(filled(text))
            os.chmod(path, 0o600)
        os.makedirs(folder + "/cwd", exist_ok=True)
        environment = {k: filled(v) for k, v in environment.items()}
        environment.update(HOME=folder, no_proxy="*", PATH=os.environ["PATH"])
        args = cloud, folder + "/cwd", environment
        differs = json.loads(filled(json.dumps(differs)))
        compare(name, answered(ours, *args), answered(theirs, *args), differs)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keystone)
    url = "http://127.0.0.1:%d/v3" % server.server_port
    server.url = url
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, files, *differs in CASES:
        if isinstance(files, str):
            files = {"clouds": files}
        if newer and name in NEWER:
            differs = [dict(*differs, **NEWER[name])]
        try_case(url, name, files, {}, "prod", *differs)
    for name, files, environment, *rest in PLACES:
        try_case(url, name, files, environment, *rest)
    done()


sys.path[:0] = filter(None, [os.environ.get("OPENSTACKSDK")])
if not importlib.util.find_spec("openstack"):
    skip_all("no python3-openstacksdk")
from openstack import version  # noqa: E402
from openstack.config import loader  # noqa: E402
newer = int(version.__version__.partition(".")[0]) >= 4
warnings.simplefilter("ignore")
main()
