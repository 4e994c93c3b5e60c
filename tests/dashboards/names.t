#!/usr/bin/env python3
"""openstack-exporter.conf in the real collectd, and openstack-exporter.rules.yml in
the real Prometheus: each name that the mixin reads comes, with its labels."""
import os
import re
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests/writers"))

from store import Sender
from harness import Sim, cloud, done, every, instance, is_, wait
from prometheus import Prometheus

FOLDER = os.path.join(TOP, "contrib/prometheus/openstack-exporter.")
# What the mixin's tables and alerts take from labels, by the beginning of a name.
LABELS = {
    "nova_agent_state": "adminState hostname service",
    "cinder_agent_state": "adminState hostname service",
    "neutron_agent_state": "adminState hostname service",
    "nova_server_status": "id status",
    "nova_limits_": "tenant",
    "cinder_limits_": "tenant",
    "cinder_pool_capacity_": "name",
    "cinder_volume_status_counter": "status",
    "neutron_network_ip_availabilities_": "network_name subnet_name ip_version",
    "neutron_router": "id status admin_state_up project_id name",
    "neutron_port": "uuid status admin_state_up mac_address",
    "neutron_l3_agent_of_router": "router_id agent_host agent_alive agent_admin_up",
    "identity_project_info": "id domain_id enabled name",
    "glance_image_bytes": "id name",
    "placement_resource_": "hostname resourcetype",
}
# A name that stands for each resource of a meter
EACH = {"nova_server_status": "compute.server.status",
        "neutron_router": "network.router.status",
        "neutron_port": "own.port",
        "neutron_l3_agent_of_router": "own.router.agent",
        "identity_project_info": "own.project.enabled",
        "glance_image_bytes": "image.size"}
PLURALS = {"neutron_routers", "neutron_ports", "neutron_routers_not_active",
           "neutron_ports_no_ips", "neutron_ports_lb_not_active"}


def slurp(name):
    with open(FOLDER + name) as file:
        return file.read()


def labels_of(name):
    if name in PLURALS:
        return []
    return next((words.split() for begin, words in LABELS.items()
                 if name.startswith(begin)), [])


def wrong_labels(name, rows):
    """Those that a row lacks"""
    return [(name, label, row["metric"]) for row in rows
            for label in labels_of(name) if not row["metric"].get(label)]


def servers_of(sim):
    """Status, host and zone of each: one that no host took has neither"""
    return {(s["id"], s["status"], s["OS-EXT-SRV-ATTR:host"] or "",
             s["OS-EXT-AZ:availability_zone"] or "")
            for s in sim.records("/compute/v2.1/servers/detail?all_tenants=1",
                                 "servers")}


def images_of(sim):
    return {(i["id"], i["owner"] or "", instance((i["name"] or i["id"]).encode()))
            for i in sim.records("/image/v2/images", "images")
            if i["size"] is not None}


def rows_of(found, *labels):
    return {tuple(row["metric"].get(label, "") for label in labels)
            for row in found}


def all_come(store, names):
    found = {}

    def come():
        for name in names:
            if not found.get(name):
                found[name] = store.query("openstack_" + name)
        return all(found.values())
    wait(come, 120)
    return found


names = re.findall(r"- record: openstack_(\w+)", slurp("rules.yml"))
listings, lines = re.match(r'((?s:.*?))  <Cloud "prod">\n((?s:.*))  </Cloud>',
                           slurp("conf")).groups()
with Sim("--projects", 4, "--images", 12, "--servers", 7) as sim, \
        Prometheus(rules=[FOLDER + "rules.yml"]) as store:
    with Sender(store.collectd(), listings, cloud(
            "prod", sim, *lines.splitlines(), every(10), Interval=10,
            MaxRequestRate=0)) as daemon:
        found = all_come(store, names)
        is_(len(set(names)), 52, "the mixin reads 52 names")
        is_(sorted(n for n in names if not found[n]), [], "each of them comes")
        wrong = [each for name in names for each in wrong_labels(name, found[name])]
        is_(wrong[:3], [], "each has its labels")
        for name, meter in EACH.items():
            wanted = {v.instance for v in daemon.select(meter=meter)}
            is_({row["metric"]["openstack"] for row in
                 store.query("openstack_" + name)}, wanted,
                "%s: %d, as %s" % (name, len(wanted), meter))
        is_(rows_of(found["nova_server_status"], "id", "status",
                    "hypervisor_hostname", "availability_zone"),
            servers_of(sim), "servers with what the mixin counts them by")
        is_(rows_of(found["glance_image_bytes"], "id", "tenant_id", "name"),
            images_of(sim), "images with owner and name")
done()
