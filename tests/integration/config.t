#!/usr/bin/python3
"""Wrong configurations stop the start, with one line that names the mistake."""

import os

from harness import *

closed = Silent()
closed.close()
URL = closed.url
BASE = {"AuthURL": URL, "Username": "collectd", "Password": PASSWORD,
        "ProjectName": "service", "Interval": None, "Meter": None}
some_file = os.path.join(scratch(), "file")
with open(some_file, "w") as file:
    file.write(PASSWORD)
os.chmod(some_file, 0o600)
GONE = {"Username": None, "Password": None, "ProjectName": None}


def start(config):
    """(did the daemon refuse it, what it said of it)"""
    status, text = Daemon(config=config).run("-T")
    lines = [l for l in text.splitlines()
             if re.search(r"\[error\].*openstack plugin", l)]
    log = "\n".join(l for l in text.splitlines() if "PUTVAL" not in l)
    return "Parsing the config file failed" in text, lines, log


def refused(name, config, *words):
    bad, lines, text = start(config)
    ok(bad, name + ": stops the start", text)
    is_(len(lines), 1, name + ": one line")
    line = lines[0] if lines else ""
    missing = [w for w in words if w not in line]
    ok(not missing, name + ": names " + ", ".join(words), line)


def accepted(name, config):
    bad, _, text = start(config)
    ok(not bad, name + ": is accepted", text)


def keys(**changes):
    return plugin(cloud("prod", **dict(BASE, **changes)))


def line(text):
    """A good block and one more line in it."""
    return keys().replace("</Cloud>", "  %s\n</Cloud>" % text)


PROD = 'Cloud "prod"'

# The key, its value, and what the line must name besides block and key.
for key, value, *words in (
        ("AuthURL", "", '""'),
        ("AuthURL", "keystone.example.net", "keystone.example.net"),
        ("AuthURL", "ftp://keystone.example.net", "ftp:"),
        ("AuthURL", 5000, "5000"),
        ("Username", 12, "12"),
        ("Username", True, "true"),
        ("Username", "", '""'),
        ("UserID", "4f54", "Username"),
        ("PasswordFile", "/nonexistent/password", "/nonexistent/password"),
        ("ProjectID", "c515", "ProjectName"),
        ("UserDomainID", "default", "UserDomainName"),
        ("ProjectDomainID", "default", "ProjectDomainName"),
        ("Token", "ready-made-token"),
        ("ApplicationCredentialID", "ac-id"),
        ("Region", "", '""'),
        ("Region", 1, "1"),
        ("Interface", "publik", "publik"),
        ("Interface", 1, "1"),
        ("Interval", 0, "0"),
        ("Interval", -5, "-5"),
        ("Interval", "soon", "soon"),
        ("Interval", True, "true"),
        ("Timeout", 0, "0"),
        ("Timeout", "long", "long"),
        ("Host", "", '""'),
        ("Host", 7, "7"),
        ("Metadata", "some", "some"),
        ("MaxConnections", 0, "0"),
        ("MaxConnections", 2.5, "2.5"),
        ("MaxConnections", 100000, "100000"),
        ("MaxRequestRate", -1, "-1"),
        ("MaxRequestRate", "fast", "fast"),
        ("VerifyPeer", "maybe", "maybe"),
        ("VerifyPeer", 2, "2"),
        ("VerifyHost", "", '""'),
        ("CACert", "/nonexistent/ca.pem", "/nonexistent/ca.pem"),
        ("ClientCert", "/nonexistent/cert.pem", "/nonexistent/cert.pem"),
        ("ClientKey", "/nonexistent/key.pem", "/nonexistent/key.pem"),
        ("Meter", "image.sice", "image.sice", "image.size"),
        ("Meter", "", '""'),
        ("Meter", 3, "3"),
        ("IgnoreDisabledProjects", "often", "often"),
        ("RadosGWAccessKey", "key", "RadosGWSecretKey")):
    changes = {key: value}
    if key == "PasswordFile":
        changes["Password"] = None
    if key in ("UserDomainID", "ProjectDomainID"):
        changes[key.replace("ID", "Name")] = "Default"
    refused("%s %s" % (key, value), keys(**changes), PROD, key, *words)

# What is missing.
refused("no Username", keys(Username=None), PROD, "Username")
refused("no Password", keys(Password=None), PROD, "Password")
refused("no project", keys(ProjectName=None), PROD, "Project")
refused("nothing of a login", keys(**GONE), PROD)
refused("credential without secret",
        keys(ApplicationCredentialID="ac-id", **GONE), PROD,
        "ApplicationCredentialSecret")
refused("credential by name without user",
        keys(**dict(GONE, ApplicationCredentialName="ac-name",
                    ApplicationCredentialSecret="ac-secret")), PROD, "User")
refused("Password and PasswordFile", keys(PasswordFile=some_file), PROD,
        "Password", "PasswordFile")

# Spelling and shape.
refused("an unknown key", line('AuthUrll "x"'), PROD, "AuthUrll")
refused("a key twice", line('Host "a"\n  Host "b"'), PROD, "Host")
refused("a key with two values", line('Host "a" "b"'), PROD, "Host")
refused("an unknown block", line('<Metre "image">\n  </Metre>'), PROD, "Metre")
refused("Cloud without a name", keys().replace(' "prod"', ""), "Cloud")
refused("Cloud with two names", keys().replace('"prod"', '"a" "b"'), "Cloud")
refused("two of a name", plugin(cloud("prod", **BASE), cloud("prod", **BASE)),
        PROD)
refused("an unknown key of the plugin",
        keys().replace("<Cloud", "Wrokers 4\n<Cloud", 1), "openstack", "Wrokers")
for value in ("0", '"four"', "1.5", "100000", "true"):
    refused("Workers " + value,
            keys().replace("<Cloud", "Workers %s\n<Cloud" % value, 1),
            "openstack", "Workers", value.strip('"'))

# And what is right: an unreachable Keystone is no mistake of the operator.
accepted("an unreachable Keystone", keys())
accepted("keys in any case", keys().replace("AuthURL", "authurl"))
accepted("all keys", keys(
    UserDomainName="Default", ProjectDomainID="default",
    Region=["RegionOne", "RegionTwo"], Interface="internal", Interval=300,
    Timeout=30000, Host="prod", Metadata="all", MaxConnections=4,
    MaxRequestRate=50, VerifyPeer=True, VerifyHost=False,
    Meter=["image", "volume.*", "!volume.provider.*"]))
accepted("two clouds", plugin(cloud("a", **BASE), cloud("b", **BASE)))
accepted("two blocks", plugin(cloud("a", **BASE)) + "\n" +
         plugin(cloud("b", **BASE)))
done()
