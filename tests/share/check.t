#!/usr/bin/python3
"""collectd-openstack check of a cloud that daemons share: what etcd says to it,
in the words of the log; and that it claims nothing."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from etcd import *
from harness import *

COMMAND = find("COMMAND", "src/collectd-openstack")
USER_PW = "user-pw-4712"
home = scratch()
secret = os.path.join(home, "password")
wrong = os.path.join(home, "wrong")
for path, text in ((secret, USER_PW), (wrong, "not-" + USER_PW)):
    with open(path, "w") as file:
        file.write(text + "\n")
    os.chmod(path, 0o600)


def share(urls, **keys):
    lines = ['Endpoint "%s"' % u for u in urls]
    return "\n".join(["<Share>"] + lines + [
        '%s "%s"' % pair for pair in keys.items()] + ["</Share>"])


def check(sim, urls, *words, **keys):
    """(exit status, what is said of etcd, all)"""
    path = os.path.join(home, "collectd.conf")
    with open(path, "w") as file:
        file.write(plugin(cloud("prod", sim, share(urls, **keys), Interval=300,
                                Meter="image.size")) + "\n")
    done = subprocess.run(
        [COMMAND, "check", "-C", path, *words], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=60 * SLOW)
    if USER_PW in done.stdout:
        ok(False, "no secret is shown", done.stdout)
    said = re.search(r"^  (?:works|broken) +etcd .*\n(?: {11}.*\n)*",
                     done.stdout, re.M)
    return done.returncode, said.group(0) if said else "", done.stdout


def says(status, pattern, name, *arguments, **keys):
    got, said, out = check(*arguments, **keys)
    ok(got == status and re.search(pattern, said), name, (got, out))


with Sim("--images", "3") as sim, Cluster(1) as etcd:
    says(0, r"works +etcd +1 of 1 endpoints, version 3\.\d+\.\d+; without TLS; "
         r"without a login; 0 daemons are there\n", "it works", sim, etcd.urls)
    is_((etcd.keys("/"), etcd.leases()), ({}, []), "no key is made, no lease")
    status, _, out = check(sim, etcd.urls, "--json")
    told = json.loads(out)[0]["etcd"]
    ok(status == 0 and told["works"] and told["led"] == 1 and
       told["daemons"] == [] and told["lines"] == [], "for machines", told)

    with Daemon(cloud("prod", sim, share(etcd.urls), Interval=10,
                      Meter="image.size")) as daemon:
        daemon.wait(lambda: etcd.keys("/collectd-openstack/1/prod/walk/"), 30)
        before = etcd.keys("/collectd-openstack/1/prod/member/")
        says(0, r"1 daemon is there: testhost\n", "who is there", sim,
             etcd.urls)
        is_(etcd.keys("/collectd-openstack/1/prod/member/"), before,
            "and nobody else then")

    port = free_ports(1)[0]
    says(0, r"1 of 2 endpoints.*\n +! http://127\.0\.0\.1:%d refuses "
         r"connections\n" % port, "an endpoint that is down", sim,
         etcd.urls + ["http://127.0.0.1:%d" % port])
    says(1, r"broken +etcd +etcd http://127\.0\.0\.1:%d: .*connect" % port,
         "nobody there", sim, ["http://127.0.0.1:%d" % port])
    says(1, r"broken +etcd .*TLS", "https:// for http://", sim,
         [etcd.urls[0].replace("http:", "https:")])
    says(0, r"! etcd's authentication is off, so .*\"etcdctl auth enable\"",
         "a login that etcd does not need", sim, etcd.urls,
         Username="collectd", PasswordFile=secret)

    etcd.keep_users("collectd", USER_PW, "/collectd-openstack/")
    says(0, r"works +etcd .*; user collectd; ", "a user", sim, etcd.urls,
         Username="collectd", PasswordFile=secret)
    says(1, r"broken +etcd .*see Username and PasswordFile", "a wrong password",
         sim, etcd.urls, Username="collectd", PasswordFile=wrong)
    says(1, r"broken +etcd .*set Username and PasswordFile in <Share>",
         "no user", sim, etcd.urls)
    says(1, r"broken +etcd .*role grant-permission", "keys that are not the user's",
         sim, etcd.urls, Username="collectd", PasswordFile=secret,
         Prefix="/elsewhere")
done()
