#!/usr/bin/python3
"""Three lines in collectd.conf: the rest comes from clouds.yaml."""

import os

from harness import *

SHORT = '<Cloud "prod">\n  Interval 1\n  Meter "image*"\n%s</Cloud>'


def entry(sim, **more):
    """What openstacksdk reads, without the password."""
    lines = ["clouds:", "  prod:", "    auth:",
             "      auth_url: %s" % sim.url,
             "      username: collectd",
             "      project_name: service",
             "      user_domain_name: Default",
             "      project_domain_id: default"]
    lines += ["    %s: %s" % (key, value) for key, value in more.items()]
    return "\n".join(lines) + "\n"


SECURE = "clouds:\n  prod:\n    auth: {password: '%s'}\n" % PASSWORD


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


def home(sim, yaml, secure=SECURE, public=""):
    """The environment of an operator with these files in ~/.config."""
    folder = scratch()
    write(folder, ".config/openstack/clouds.yaml", yaml)
    write(folder, ".config/openstack/secure.yaml", secure)
    write(folder, ".config/openstack/clouds-public.yaml", public)
    return {"HOME": folder, "XDG_CONFIG_HOME": "",
            "OS_CLIENT_CONFIG_FILE": "", "OS_CLIENT_SECURE_FILE": "",
            "OS_CLIENT_VENDOR_FILE": ""}


def works(sim, name, environment, keys=""):
    with Daemon(SHORT % keys, environment=environment) as daemon:
        daemon.wait(lambda: daemon.cycles("image"))
        cycles = daemon.cycles("image", "image.size")
        is_(cycles[0] if cycles else None,
            sim.expected("image", "image.size"), name)
        return daemon.log()


def refused(name, environment, pattern, keys=""):
    daemon = Daemon(SHORT % keys, environment=environment)
    status, text = daemon.run("-f")
    ok(status != 0, name + ": the daemon does not start", text)
    like(text, pattern, name + ": one line says why")


def good(sim):
    log = works(sim, "three lines are enough", home(sim, entry(sim)))
    like(log, r"from \S*/clouds\.yaml: AuthURL, Username, .*; "
         r"from \S*/secure\.yaml: Password\n",
         "the log says what came from where")
    works(sim, "regions, interface, endpoint override", home(sim, entry(
        sim, regions="[RegionOne]", interface="internalURL",
        image_endpoint_override=sim.url.replace("/v3", "/image/v2"))))
    works(sim, "a profile of clouds-public.yaml", home(
        sim, "clouds:\n  prod:\n    profile: ours\n    auth: {username: "
        "collectd, project_name: service}\n",
        public="public-clouds:\n  ours:\n    auth: {auth_url: '%s'}\n"
        % sim.url))
    works(sim, "the block's own keys win", home(
        sim, entry(sim, region_name="Nowhere")), '  Region "RegionOne"\n')
    folder = scratch()
    path = write(folder, "mine.yaml", entry(sim).replace("prod:", "other:"))
    write(folder, "secure.yaml", SECURE.replace("prod:", "other:"))
    works(sim, "ConfigFile and OSCloud name file and entry", {},
          '  ConfigFile "%s"\n  OSCloud "other"\n' % path)


def envvars(sim):
    environment = {"OS_AUTH_URL": sim.url, "OS_USERNAME": "collectd",
                   "OS_PASSWORD": PASSWORD, "OS_PROJECT_NAME": "service",
                   "OS_USER_DOMAIN_NAME": "Default",
                   "OS_PROJECT_DOMAIN_NAME": "Default"}
    works(sim, "envvars takes OS_*", environment, '  OSCloud "envvars"\n')


def bad(sim):
    refused("no file", {"HOME": scratch(), "XDG_CONFIG_HOME": "",
                        "OS_CLIENT_CONFIG_FILE": ""},
            r'<Cloud "prod">: there is no AuthURL and no clouds\.yaml')
    refused("no entry", home(sim, "clouds: {other: {}}\n", secure=""),
            r'has no cloud "prod"')
    refused("an entry in secure.yaml alone", home(
        sim, "clouds: {other: {}}\n"), r'<Cloud "prod">: AuthURL is missing')
    refused("no YAML", home(sim, "clouds: [\n"), r"clouds\.yaml: line \d+")
    refused("federation", home(sim, entry(sim, auth_type="v3oidcpassword")),
            r'auth_type "v3oidcpassword" is not supported')
    refused("an old Keystone", home(
        sim, entry(sim, identity_api_version="'2.0'")),
        r'identity_api_version "2\.0" is not supported')
    refused("no profile", home(sim, entry(sim, profile="vexxhost")),
            r'profile "vexxhost" is not in')
    refused("a missing CA", home(sim, entry(sim, cacert="/no/such/ca.pem")),
            r'clouds\.yaml: cacert "/no/such/ca\.pem": cannot be read')


with Sim("--images", 30) as sim:
    good(sim)
    envvars(sim)
    bad(sim)
done()
