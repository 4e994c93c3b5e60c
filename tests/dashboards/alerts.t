#!/usr/bin/env python3
"""The alerts of contrib/prometheus on a cloud whose values are named as the sample
of the configuration suggests: told is what its values make it, and no more."""
import os
import re
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests/writers"))

from store import Sender
from harness import Sim, cloud, done, every, instance, is_, ok, wait
from prometheus import Prometheus

RULES = os.path.join(TOP, "contrib/prometheus/alerts.rules.yml")


def names():
    """The lines that the sample suggests"""
    with open(os.path.join(TOP, "collectd.conf.d/openstack.conf")) as file:
        found = re.search(r"#PluginInstanceFormat(?:.+\n)+", file.read())
    return found.group().replace("#", "").splitlines()


class Values:
    """The newest of each: values.of(meter) is {instance: number}"""

    def __init__(self, daemon):
        self.all = {(v.meter, v.instance): float(v.value)
                    for v in daemon.select(plugin="openstack", host="prod")}

    def meters(self, pattern):
        return {meter for meter, _ in self.all if re.fullmatch(pattern, meter)}

    def of(self, meter):
        return {name: number for (m, name), number in self.all.items()
                if m == meter}

    def above(self, used, whole, limit):
        use, has = self.of(used), self.of(whole)
        return {name for name in use
                if name in has and use[name] > limit * has[name]}


def quotas(values):
    """{(project, quota)} of those nearly used"""
    found = set()
    for meter in values.meters(r"(compute|volume|manila)\.quota\..+\.used"):
        of = meter[:-len(".used")]
        found |= {(name, of.replace(".quota.", ".")) for name in
                  values.above(meter, of + ".limit", 0.9)}
    for meter in values.meters(
            r"network\.(network|subnet|port|router|security_group)\.by_project"
            r"|ip\.floating\.by_project"):
        what = "floatingip" if meter.startswith("ip.") else meter.split(".")[1]
        own = values.of("network.quota.%s.limit" % what)
        usual = values.of("network.quota.default.%s.limit" % what)
        for project, used in values.of(meter).items():
            if used > 0.9 * own.get(project, *usual.values()):
                found.add((project, "network." + what))
    return found


def down(values, service):
    health = values.of(service + ".health")
    enabled = values.of(service + ".enabled")
    return {name for name, number in health.items()
            if number == 0 and enabled.get(name) == 1}


# {alert: what is to be told, by the labels behind it}
WANTED = {
    "QuotaNearlyUsed": (quotas, ("openstack", "quota")),
    "NoAddressesLeft": (lambda v: {(name,) for name in v.above(
        "network.ip.used", "network.ip.capacity", 0.95)}, ("openstack",)),
    "ServiceDown": (lambda v: {(name,) for service in (
        "compute.service", "volume.service", "manila.service")
        for name in down(v, service)} | {
            (name,) for meter in v.meters(
                r"(dns|orchestration|container)\.service\.health")
            for name, number in v.of(meter).items() if number == 0},
                    ("openstack",)),
    "AgentDown": (lambda v: {(name,) for name in down(v, "network.agent")},
                  ("openstack",)),
    "APIDown": (lambda v: {(meter,) for meter in v.meters(r".+\.api\.up")
                           if 0 in v.of(meter).values()}, ("type",)),
    "CertificateNearItsEnd": (lambda v: {
        (name,) for name, days in v.of(
            "loadbalancer.amphora.certificate_days").items() if days < 14},
                              ("openstack",)),
}


def told(store, alert, labels):
    """Pending or firing: no test waits for so long."""
    return {tuple(row["metric"].get(label, "") for label in labels) for row in
            store.query('ALERTS{alertname="OpenStack%s"}' % alert)}


with Sim("--projects", 8, "--servers", 9) as sim, \
        Prometheus(rules=[RULES]) as store:
    sim.fault("/dns status 500")
    with Sender(store.collectd(), cloud(
            "prod", sim, *names(), every(10), Interval=10, MaxRequestRate=0,
            Meter="*")) as daemon:
        ok(wait(lambda: len(Values(daemon).of("volume.quota.gigabytes.limit")) > 1
                and store.query("openstack:network_quota:default"), 120),
           "the cloud is in the store")
        for alert, (make, labels) in WANTED.items():
            wait(lambda: told(store, alert, labels) == make(Values(daemon)), 60)
            wanted = make(Values(daemon))
            is_(told(store, alert, labels), wanted,
                "%s: %d are told" % (alert, len(wanted)))
        projects = {instance(project["name"].encode())
                    for project in sim.records("/v3/projects", "projects")}
        is_({name for name, _ in told(store, "QuotaNearlyUsed", (
            "openstack", "quota"))} - projects, set(),
            "projects are told by their names alone")
done()
