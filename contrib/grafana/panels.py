"""The dashboards: what is drawn, in which unit, when it is too much, and what it
means. No store is named here; see queries.py.
"""
import collections

from queries import (Bottom, Down, Each, Percent, Seldom, Sum, SumPercent, Top,
                     Usual, split)

Dashboard = collections.namedtuple("Dashboard", "name title help rows")
Row = collections.namedtuple("Row", "title panels")
# lines: {label: query}; kind: stat, lines, stacked, bars; limits: the numbers
# from which on it is orange and red, or below which, if the second one is lower; words: {number: (text, color)}
Panel = collections.namedtuple(
    "Panel", "title kind unit help lines limits words", defaults=((), None))

# Grafana's names of units.
COUNT, BYTES, GIB, PERCENT, SECONDS, DAYS = (
    "short", "bytes", "gbytes", "percent", "s", "d")
UP = {0: ("down", "red"), 1: ("up", "green")}
NONE = (1, 1)  # more than none is bad
FULL = (80, 90)

# What a cloud without a Meter line does not report, of all that is drawn here.
BY_PATTERN = {
    "dns.service.health", "dns.zone.by_status", "identity.domain.total",
    "identity.project.by_domain", "identity.project.total",
    "identity.user.total", "image.by_status", "image.size.by_visibility",
    "ip.floating.by_status", "loadbalancer.amphora.by_status",
    "loadbalancer.amphora.certificate_days", "loadbalancer.listener.total",
    "loadbalancer.operating.by_status", "loadbalancer.pool.total",
    "loadbalancer.provisioning.by_status", "manila.pool.capacity.free",
    "network.network.total", "network.port.binding_failed.total",
    "network.port.by_owner", "network.port.by_project",
    "network.port.by_status", "network.port.without_ip.total",
    "network.security_group.total", "network.subnet.total",
    "volume.attached.total", "volume.backup.by_status", "volume.by_status",
    "volume.size.by_type", "volume.snapshot.by_status"}

SERVICES = {
    "Keystone": "identity", "Nova": "compute", "Placement": "placement",
    "Neutron": "network", "Cinder": "volume", "Glance": "image",
    "Swift": "storage", "Octavia": "loadbalancer", "Designate": "dns",
    "Manila": "manila", "Heat": "orchestration"}


def of_services(meter):
    return {name: Sum("%s.api.%s" % (word, meter))
            for name, word in SERVICES.items()}


def needs_pattern(panel):
    """Does it draw what only a pattern chooses?"""
    return any(split(value)[1] in BY_PATTERN for query in panel.lines.values()
               for value in getattr(query, "query", query))


def one(query, label="all"):
    return {label: query}


overview = Dashboard(
    "overview", "OpenStack: overview",
    "The cloud at a glance: what is down, how much there is, how full it is.", [
    Row("Is it up?", [
        Panel("APIs", "stat", COUNT, "1 if the API answers below 500. Empty: the "
              "catalogue has no such service.", of_services("up"), (), UP),
        Panel("Services of Nova that are down", "stat", COUNT,
              "Enabled, and silent for longer than service_down_time.",
              one(Sum("compute.service.failed.total")), NONE),
        Panel("Agents of Neutron that are down", "stat", COUNT,
              "Agents that Neutron has not heard of for agent_down_time.",
              one(Sum("network.agent.down.total")), NONE),
        Panel("Services of Cinder that are down", "stat", COUNT,
              "Schedulers, volume and backup services, disabled ones included.",
              one(Down("volume.service.health")), NONE),
        Panel("Walks that fail", "stat", COUNT, "Listings that the plugin could "
              "not read whole: what is drawn of them is missing.",
              one(Down("bool-up")), NONE),
        Panel("Time of an answer", "lines", SECONDS, "How long each API took for "
              "its first answer in a cycle.", of_services("response_time"),
              (2, 10)),
    ]),
    Row("How much is there?", [
        Panel("Servers by status", "stacked", COUNT, "Servers of all projects, by "
              "what Nova calls their status.",
              one(Each("compute.server.by_status"))),
        Panel("What projects have", "lines", COUNT, "How many there are in the "
              "whole cloud.", {
            "servers": Sum("compute.server.total"),
            "volumes": Sum("volume.total"), "images": Sum("image.total"),
            "floating IPs": Sum("ip.floating.total"),
            "routers": Sum("network.router.total"),
            "load balancers": Sum("loadbalancer.total"),
            "zones": Sum("dns.zone.total")}),
    ]),
    Row("How full is it?", [
        Panel("Hypervisors", "lines", PERCENT, "Used, in percent of what the "
              "hosts have. With an allocation ratio above 1, 100 is not full.", {
                  "vCPU": SumPercent("compute.hypervisor.vcpus.used.total",
                                     "compute.hypervisor.vcpus.total"),
                  "memory": SumPercent("bytes-compute.hypervisor.memory.used.total",
                                       "bytes-compute.hypervisor.memory.total"),
                  "disk": SumPercent("bytes-compute.hypervisor.disk.used.total",
                                     "bytes-compute.hypervisor.disk.total")},
              FULL),
        Panel("Pools of volumes: free", "bars", PERCENT, "What is free in each "
              "pool of Cinder, as its driver reports it.",
              one(Bottom(Percent("volume.provider.pool.capacity.free",
                                 "volume.provider.pool.capacity.total"))),
              (20, 10)),
        Panel("Addresses: the fullest networks", "bars", PERCENT, "Addresses in "
              "use, in percent of the allocation pools.",
              one(Top(Percent("network.ip.used", "network.ip.capacity"))), FULL),
    ])])

capacity = Dashboard(
    "capacity", "OpenStack: capacity",
    "Hypervisors, pools of volumes and shares, and addresses.", [
    Row("Hypervisors", [
        Panel("Hypervisors", "stat", COUNT, "Those that Nova knows of, "
              "whatever their state.",
              one(Sum("compute.hypervisor.total"))),
        Panel("Down", "stat", COUNT, "Nova does not hear of them; those that are "
              "disabled count, too.", one(Down("compute.hypervisor.health")), NONE),
        Panel("vCPU", "lines", COUNT, "vCPUs of the servers, and CPUs of "
              "the hosts.", {
            "used": Sum("compute.hypervisor.vcpus.used.total"),
            "there": Sum("compute.hypervisor.vcpus.total")}),
        Panel("Memory", "lines", BYTES, "What servers and the hosts "
              "themselves take, and all that is there.", {
            "used": Sum("bytes-compute.hypervisor.memory.used.total"),
            "there": Sum("bytes-compute.hypervisor.memory.total")}),
        Panel("Disk", "lines", BYTES, "Local disks of the hosts; with one shared "
              "storage each host counts all of it.", {
                  "used": Sum("bytes-compute.hypervisor.disk.used.total"),
                  "there": Sum("bytes-compute.hypervisor.disk.total")}),
        Panel("Memory: the fullest", "bars", PERCENT, "The hypervisors of "
              "whose memory most is used, by Nova's count.",
              one(Top(Percent("bytes-compute.hypervisor.memory.used",
                              "bytes-compute.hypervisor.memory"))), FULL),
        Panel("vCPU: the fullest", "bars", PERCENT, "vCPUs of the servers, in "
              "percent of the host's. More than 100 is usual: cpu_allocation_ratio.",
              one(Top(Percent("compute.hypervisor.vcpus.used",
                              "compute.hypervisor.vcpus")))),
        Panel("Servers: where most are", "bars", COUNT, "The hosts that have "
              "most servers.",
              one(Top(Each("compute.server.by_host")))),
        Panel("Capacity by resource class", "lines", COUNT, "What Placement can "
              "give: (total - reserved) x allocation ratio, in each class' unit.",
              one(Each("placement.inventory.capacity.by_class"))),
    ]),
    Row("Volumes and shares", [
        Panel("Free in pools of volumes", "lines", GIB, "What each pool of Cinder "
              "has left, as its driver reports it.",
              one(Each("volume.provider.pool.capacity.free"))),
        Panel("Provisioned in pools", "lines", PERCENT, "What volumes may grow to, "
              "in percent of the pool. More than 100: thin volumes.",
              one(Percent("volume.provider.pool.capacity.provisioned",
                          "volume.provider.pool.capacity.total"))),
        Panel("Free in pools of shares", "lines", GIB, "What each pool of Manila "
              "has left, as its driver reports it.",
              one(Each("manila.pool.capacity.free"))),
    ]),
    Row("Addresses", [
        Panel("In use", "lines", COUNT, "Addresses that ports use, by version of "
              "IP.",
              one(Each("network.subnet.ip.used.by_version"))),
        Panel("The fullest networks", "bars", PERCENT, "In use, in percent of the "
              "allocation pools.",
              one(Top(Percent("network.ip.used", "network.ip.capacity"))), FULL),
        Panel("The fullest subnets", "bars", PERCENT, "Addresses in use, in percent of "
              "the allocation pools of each subnet.",
              one(Top(Percent("network.subnet.ip.used",
                              "network.subnet.ip.capacity"))), FULL),
    ])])


def quota(title, key, text):
    return Panel(title, "bars", PERCENT, text + ", in percent of what a project may "
                 "have. Projects without a limit are not there.",
                 one(Top(Percent(key + ".used", key + ".limit"))), FULL)


projects = Dashboard(
    "projects", "OpenStack: projects and quotas",
    "Who has most, and who is near a limit. Names need PluginInstanceFormat "
    '"project_name" in a block <Meter "*.by_project"> and one <Meter "*.quota.*">.',
    [
    Row("Who has most", [
        Panel(title, "bars", unit, "The ten projects that have most of them.",
              one(Top(Each(value))))
        for title, unit, value in [
            ("Servers", COUNT, "compute.server.by_project"),
            ("vCPU", COUNT, "compute.server.vcpus.by_project"),
            ("Memory", BYTES, "bytes-compute.server.memory.by_project"),
            ("Volumes", GIB, "volume.size.by_project"),
            ("Snapshots", GIB, "volume.snapshot.size.by_project"),
            ("Images", BYTES, "bytes-image.size.by_project"),
            ("Floating IPs", COUNT, "ip.floating.by_project"),
            ("Ports", COUNT, "network.port.by_project"),
            ("Load balancers", COUNT, "loadbalancer.by_project")]]),
    Row("Who is near a limit", [
        quota("Servers: quota", "compute.quota.instances", "Servers"),
        quota("vCPU: quota", "compute.quota.cores", "vCPU of servers"),
        quota("Memory: quota", "compute.quota.ram", "Memory of servers"),
        quota("Volumes: quota", "volume.quota.volumes", "Number of volumes"),
        quota("Size of volumes: quota", "volume.quota.gigabytes",
              "GiB of volumes and snapshots"),
        quota("Size of backups: quota", "volume.quota.backup_gigabytes",
              "GiB of backups"),
    ]),
    Row("Keystone", [
        Panel("Projects, users, domains", "lines", COUNT, "How many "
              "Keystone has, of all domains.", {
            "projects": Sum("identity.project.total"),
            "users": Sum("identity.user.total"),
            "domains": Sum("identity.domain.total")}),
        Panel("Projects by domain", "bars", COUNT, "The ten domains that have most "
              "projects.",
              one(Top(Each("identity.project.by_domain")))),
    ])])

storage = Dashboard(
    "storage", "OpenStack: images and volumes",
    "Glance and Cinder: how many, how large, and in which state.", [
    Row("Images", [
        Panel("Images by status", "stacked", COUNT, "Images of all projects, by "
              "what Glance calls their status.",
              one(Each("image.by_status"))),
        Panel("Size by visibility", "stacked", BYTES, "What images take that are "
              "public, shared, community or private.",
              one(Each("bytes-image.size.by_visibility"))),
        Panel("The largest images", "bars", BYTES, "The ten largest ones of "
              "all projects.",
              one(Top(Each("bytes-image.size")))),
    ]),
    Row("Volumes", [
        Panel("Volumes by status", "stacked", COUNT, "Volumes of all projects, by "
              "what Cinder calls their status.",
              one(Each("volume.by_status"))),
        Panel("Size by type", "stacked", GIB, "What volumes of each type have in "
              "all.",
              one(Each("volume.size.by_type"))),
        Panel("Volumes", "lines", COUNT, "All of them, and those that a server has "
              "attached.", {
            "all": Sum("volume.total"), "attached": Sum("volume.attached.total")}),
        Panel("The largest volumes", "bars", GIB, "The ten largest ones of "
              "all projects.",
              one(Top(Each("volume.size")))),
    ]),
    Row("Snapshots and backups", [
        Panel("Snapshots by status", "stacked", COUNT, "Snapshots of all projects, "
              "by what Cinder calls their status.",
              one(Each("volume.snapshot.by_status"))),
        Panel("Backups by status", "stacked", COUNT, "Backups of all projects, by "
              "what Cinder calls their status.",
              one(Each("volume.backup.by_status"))),
        Panel("Size", "lines", GIB, "What they have in the whole cloud.", {
            "volumes": Sum("volume.size.total"),
            "snapshots": Sum("volume.snapshot.size.total"),
            "backups": Sum("volume.backup.size.total")}),
    ])])

network = Dashboard(
    "network", "OpenStack: network",
    "Neutron: what there is, what is down, and its agents.", [
    Row("What there is", [
        Panel("Networks", "lines", COUNT, "How many there are in the whole cloud.", {
            "networks": Sum("network.network.total"),
            "subnets": Sum("network.subnet.total"),
            "routers": Sum("network.router.total"),
            "floating IPs": Sum("ip.floating.total"),
            "security groups": Sum("network.security_group.total")}),
        Panel("Ports by status", "stacked", COUNT, "Ports of all projects, by what "
              "Neutron calls their status.",
              one(Each("network.port.by_status"))),
        Panel("Ports by owner", "stacked", COUNT, "Ports by whom they belong to: "
              "servers, routers, DHCP and so on.",
              one(Each("network.port.by_owner"))),
    ]),
    Row("What is wrong", [
        Panel("Routers by status", "stacked", COUNT, "Routers of all projects, by "
              "what Neutron calls their status.",
              one(Each("network.router.by_status"))),
        Panel("Floating IPs by status", "stacked", COUNT, "DOWN is usual for one "
              "that is with no port.", one(Each("ip.floating.by_status"))),
        Panel("Ports that do not work", "lines", COUNT, "Ports that are ACTIVE "
              "without an address, and ports that no agent could bind.", {
                  "without address": Sum("network.port.without_ip.total"),
                  "binding failed": Sum("network.port.binding_failed.total")},
              NONE),
    ]),
    Row("Agents", [
        Panel("Agents down", "lines", COUNT, "Agents that Neutron does not hear "
              "of, by program.",
              one(Each("network.agent.down.by_binary")), NONE),
        Panel("Routers by agent", "bars", COUNT, "The ten L3 agents that have "
              "most routers.",
              one(Top(Each("network.agent.routers")))),
        Panel("Networks by agent", "bars", COUNT, "The ten DHCP agents that have "
              "most networks.",
              one(Top(Each("network.agent.networks")))),
    ])])

objects = Dashboard(
    "objects", "OpenStack: object storage", "Swift: accounts and containers.", [
    Row("All", [
        Panel("Size", "lines", BYTES, "What all accounts have, without replicas.",
              one(Sum("bytes-storage.objects.size.total"), "size")),
        Panel("Objects", "lines", COUNT, "How many all accounts have.",
              one(Sum("storage.objects.total"), "objects")),
        Panel("Containers", "lines", COUNT, "How many all accounts have.",
              one(Sum("storage.objects.containers.total"), "containers")),
    ]),
    Row("Who has most", [
        Panel("Accounts by size", "bars", BYTES, "The ten accounts that take most.",
              one(Top(Each("bytes-storage.objects.size")))),
        Panel("Accounts by objects", "bars", COUNT, "The ten accounts that have "
              "most objects.",
              one(Top(Each("storage.objects")))),
        Panel("Containers by size", "bars", BYTES, "The ten containers that take "
              "most.",
              one(Top(Each("bytes-storage.containers.objects.size")))),
    ])])

services = Dashboard(
    "services", "OpenStack: load balancers and DNS", "Octavia and Designate.", [
    Row("Load balancers", [
        Panel("By operating status", "stacked", COUNT, "Load balancers, by "
              "what their health monitors find.",
              one(Each("loadbalancer.operating.by_status"))),
        Panel("By provisioning status", "stacked", COUNT, "Load balancers, by "
              "what Octavia is doing; ERROR has to be repaired.",
              one(Each("loadbalancer.provisioning.by_status"))),
        Panel("What there is", "lines", COUNT, "How many Octavia has, of all "
              "projects.", {
            "load balancers": Sum("loadbalancer.total"),
            "listeners": Sum("loadbalancer.listener.total"),
            "pools": Sum("loadbalancer.pool.total")}),
        Panel("Amphorae by status", "stacked", COUNT, "Machines of load balancers: "
              "those that are ALLOCATED serve.",
              one(Each("loadbalancer.amphora.by_status"))),
        Panel("Certificates of amphorae", "bars", DAYS, "Days that are left, of the "
              "ten that end first.",
              one(Bottom(Each("loadbalancer.amphora.certificate_days"))), (30, 14)),
    ]),
    Row("DNS", [
        Panel("Zones by status", "stacked", COUNT, "PENDING that stays is a "
              "worker or name server that does not answer.",
              one(Each("dns.zone.by_status"))),
        Panel("What is in zones", "lines", COUNT, "How many there are in the whole "
              "cloud.", {
            "zones": Sum("dns.zone.total"),
            "record sets": Sum("dns.zone.recordsets.total")}),
        Panel("The largest zones", "bars", COUNT, "The ten zones that have most "
              "record sets.",
              one(Top(Each("dns.zone.recordsets")))),
        Panel("Services of Designate that are down", "stat", COUNT,
              "Central, worker, producer and mdns of each host that do not "
              "report.",
              one(Down("dns.service.health")), NONE),
    ])])

polling = Dashboard(
    "polling", "OpenStack: polling",
    "How the plugin itself does: what fails, what is old, what it costs.", [
    Row("Is it whole?", [
        Panel("Walks that fail", "stat", COUNT, "Listings whose last walk was not "
              "whole.", one(Down("bool-up")), NONE),
        Panel("Walks", "lines", COUNT, "1: the last walk of the listing was whole.",
              one(Each("bool-up"))),
        Panel("The oldest", "bars", SECONDS, "Time since the last whole walk. "
              "Beyond two intervals what is drawn is old.",
              one(Top(Usual("duration-since_success"))), (600, 900)),
        Panel("The oldest, once an hour", "bars", SECONDS, "The same of listings "
              "with an interval of their own: it is behind the @.",
              one(Top(Seldom("duration-since_success"))), (7200, 10800)),
        Panel("Denied", "bars", COUNT, "Projects that answered 403: the account "
              "lacks a role.", one(Top(Each("count-denied"))), NONE),
        Panel("Left out", "bars", COUNT, "Values beyond MaxSeries: they are not sent.",
              one(Top(Each("count-refused"))), NONE),
        Panel("Skipped", "bars", COUNT, "Intervals since the start that found the "
              "walk before still running.", one(Top(Each("count-skipped"))), NONE),
    ]),
    Row("What does it cost?", [
        Panel("Requests in a cycle", "lines", COUNT, "Of all walks; what is "
              "asked once an hour is a peak, or in Prometheus always with them.",
              one(Sum("requests-sent"), "requests")),
        Panel("Bytes in a cycle", "lines", BYTES, "Answers of all walks; see "
              "requests.",
              one(Sum("bytes-received"), "bytes")),
        Panel("Records in a cycle", "lines", COUNT, "Of all listings; see "
              "requests.",
              one(Sum("records-seen"), "records")),
        Panel("The longest walks", "bars", SECONDS, "A walk has 80 % of its "
              "interval.", one(Top(Each("duration-walk"))), (60, 240)),
        Panel("The most requests", "bars", COUNT, "The ten listings that need most in "
              "a cycle.",
              one(Top(Each("requests-sent")))),
        Panel("The most bytes", "bars", BYTES, "The ten listings whose answers are "
              "largest.",
              one(Top(Each("bytes-received")))),
    ])])

DASHBOARDS = (overview, capacity, projects, storage, network, objects, services,
              polling)
