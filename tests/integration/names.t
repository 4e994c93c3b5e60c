#!/usr/bin/python3
"""Formats of identities, names from Keystone, and what would share one."""

import contextlib

from harness import *

VOLUMES = "/volume/v3/{}/volumes/detail?all_tenants=1"
OWNER = "os-vol-tenant-attr:tenant_id"
# A walk ends with its interval, and names have a part of it: beside whatever
# else runs here that is too short at times. One walk comes at once in any case.
LONG = 5 * PACE
KEYS = {"Meter": "volume.size", "Interval": LONG, "MaxRequestRate": 0}
CLASH = "names belong to several resources, such as "


class Cloud:
    """Volumes, and what Keystone calls their owners."""

    def __init__(self, sim):
        self.domains, self.projects, self.users = (
            {r["id"]: r for r in sim.records("/v3/" + key, key)}
            for key in ("domains", "projects", "users"))
        self.volumes = sim.records(
            VOLUMES.format(next(iter(self.projects))), "volumes")

    def words(self, volume):
        project = volume[OWNER]
        return {"cloud": "prod", "region": "RegionOne",
                "meter": "volume.size", "id": volume["id"],
                "name": volume["name"] or volume["id"], "project": project,
                "project_name": self.projects[project]["name"] or project,
                "domain_name": self.domains[
                    self.projects[project]["domain_id"]]["name"],
                "user": volume["user_id"], "resource_type": "volumes"}

    def named(self, text):
        """What a format makes of each volume: {id: ...}"""
        return {v["id"]: instance(":".join(
            self.words(v)[word] for word in text.split()).encode())
                for v in self.volumes}


def whole(daemon, listing="volumes"):
    """The gauges of each walk that came to its end, in their order."""
    by_time = {v.time: [] for v in daemon.select(
        instance="prod:" + listing, meter="up") if number(v.value) == "1"}
    for v in daemon.select(type="gauge"):
        if v.time in by_time:
            by_time[v.time].append(v)
    return list(by_time.values())


def walked(daemon, times=1, listing="volumes"):
    """Those of so many walks, the first that came to their end."""
    if not daemon.wait(lambda: len(whole(daemon, listing)) >= times, 60):
        daemon.tell()
        raise TimeoutError(daemon.walks(listing))
    return whole(daemon, listing)[:times]


# HostnameFormat, PluginInstanceFormat, TypeInstanceFormat.
FORMATS = (
    ("project_name", "id", "meter"),
    ("cloud project_name", "id", "meter"),
    ("cloud", "name id", "meter"),
    ("region project", "project_name name id", "resource_type meter"),
    ("cloud region", "user id", "meter project"),
    ("cloud", "meter", "project_name id meter"),
    ("domain_name", "domain_name project_name id", "meter"),
)


def formats():
    sims = [Sim() for row in FORMATS]
    known = Cloud(sims[0])
    sims[0].zero()
    with contextlib.ExitStack() as stack:
        daemons = [stack.enter_context(Daemon(cloud(
            "prod", sim, HostnameFormat=row[0], PluginInstanceFormat=row[1],
            TypeInstanceFormat=row[2], **KEYS)))
                   for row, sim in zip(FORMATS, sims)]
        walks = [walked(daemon, 2)[0] for daemon in daemons]
    for row, daemon, walk in zip(FORMATS, daemons, walks):
        host, inside, kind = map(known.named, row)
        wanted = sorted((host[v["id"]], inside[v["id"]], kind[v["id"]],
                         number(v["size"])) for v in known.volumes)
        got = sorted((unhashed(v.host), unhashed(v.instance),
                      unhashed(v.meter), number(v.value)) for v in walk)
        ok(got == wanted, "%s / %s / %s: all identities" % row,
           lambda: differ(set(got), set(wanted)))
        is_(daemon.lines(CLASH), [], "... and none is shared")


def fields():
    """Words in braces are fields of each record, and nothing of a total."""
    with Sim() as sim:
        known = Cloud(sim)
        with Daemon(cloud("prod", sim, **dict(
                KEYS, Meter=["volume.size", "volume.size.total"],
                PluginInstanceFormat="id {status} {attachments[].server_id}",
                HostnameFormat="cloud {availability_zone}"))) as daemon:
            values = walked(daemon)[0]
            got = [v for v in values if v.meter == "volume.size"]
            total = [v for v in values if v.meter == "volume.size.total"]
        wanted = set()
        for v in known.volumes:
            servers = ",".join(a["server_id"] for a in v["attachments"])
            words = [v["id"], v["status"], servers]
            host = ["prod", v["availability_zone"]]
            wanted.add((":".join(filter(None, host)),
                        instance(":".join(filter(None, words)).encode())))
        is_({(v.host, v.instance) for v in got}, wanted,
            "an id, a state and a list; and a host with a zone")
        is_({(v.host, v.instance) for v in total}, {("prod", "total")},
            "a total has none")


def fields_around():
    """Those of the enclosing record, and the keys of a map."""
    with Sim("--projects", 3) as sim:
        networks = sim.records("/network/v2.0/network-ip-availabilities",
                               "network_ip_availabilities")
        inside = ['<Meter "network.*">', 'PluginInstanceFormat '
                  '"{^.network_name} name {ip_version}"', "</Meter>",
                  '<Meter "volume.*">', 'PluginInstanceFormat "project {@key}"',
                  "</Meter>", every(LONG)]
        with Daemon(cloud("prod", sim, *inside, Interval=LONG, MaxRequestRate=0,
                          Meter=["network.subnet.ip.capacity",
                                 "volume.quota.type.limit"])) as daemon:
            # A pass over all projects may take several walks; its values come
            # when their names are known.
            subnets = walked(daemon, 1, "ip_availabilities")[0]
            daemon.wait(lambda: daemon.select(meter="volume.quota.type.limit"),
                        60)
            quotas = daemon.select(meter="volume.quota.type.limit")
        wanted = {instance(("%s:%s:%s" % (
            network["network_name"], subnet["subnet_name"],
            subnet["ip_version"])).encode())
                  for network in networks
                  for subnet in network["subnet_ip_availability"]}
        is_({re.sub("-[0-9a-f-]{36}$", "", v.instance) for v in subnets},
            wanted, "a subnet with its network's name")
        ok(quotas and all(re.fullmatch(r"[0-9a-f]{32}:[a-z]+\w*", v.instance)
                          for v in quotas), "a quota with its key",
           {v.instance for v in quotas})


def suggested():
    """The sample's lines for names: what is a project's has the project's alone."""
    with open(os.path.join(ROOT, "collectd.conf.d/openstack.conf")) as file:
        found = re.search(r"#PluginInstanceFormat(?:.+\n)+", file.read())
    lines = found.group().replace("#", "").splitlines()
    with Sim("--projects", 3) as sim, Daemon(cloud(
            "prod", sim, *lines, every(LONG), Interval=LONG, MaxRequestRate=0,
            Meter=["*.by_project", "*.quota.*", "storage.objects*"])) as daemon:
        daemon.wait(lambda: all(daemon.select(meter=meter) for meter in (
            "volume.by_project", "compute.quota.cores.used",
            "volume.quota.gigabytes.used", "network.quota.router.limit",
            "storage.objects.size")), 60)
        names = {v.instance for v in daemon.select(meter="volume.by_project")}
        others = {(v.meter, v.instance) for v in daemon.select(plugin="openstack")
                  if v.type in ("gauge", "bytes") and
                  re.search("[0-9a-f]{32}|:", v.instance)
                  and not v.instance.startswith("prod:")}
        ok("service" in names, "projects have names", names)
        is_(others, set(), "... their quotas and accounts, too")


def owners():
    """Words of the owner that was asked for: each provider is a host."""
    with Sim() as sim:
        path, wanted = "/placement/resource_providers", set()
        for provider in sim.records(path, "resource_providers"):
            of = sim.records("%s/%s/inventories" % (path, provider["uuid"]),
                             "inventories")
            wanted |= {(provider["name"], "%s:%s" % (provider["uuid"], key))
                       for key in of}
        with Daemon(cloud("prod", sim, block(
                "Meter", "placement.*", {
                    "HostnameFormat": "{@owner_name}",
                    "PluginInstanceFormat": "{@owner} {@key}"}), every(LONG),
                Interval=LONG, MaxRequestRate=0,
                Meter="placement.inventory.total")) as daemon:
            daemon.wait(lambda: len(daemon.passes(
                "placement.inventory.total")[0]) >= len(wanted), 60)
            got = daemon.select(meter="placement.inventory.total")
        ok(wanted, "there are inventories")
        is_({(v.host, v.instance) for v in got}, wanted,
            "a host called by the owner, with its id and a key")


def one_listing():
    """All walks share one listing of projects, domains and users."""
    meters = ["image", "volume.size", "volume.snapshot.size", "ip.floating",
              "storage.objects"]
    names = ("images", "volumes", "snapshots", "floatingips", "accounts")
    for interval in (PACE, LONG):  # a walk that fails may ask again
        with Sim() as sim, Daemon(cloud(
                "prod", sim, HostnameFormat="project_name", Metadata="all",
                Meter=meters, MaxRequestRate=0, Interval=interval)) as daemon:
            daemon.wait(lambda: all(len(daemon.walks(n)) >= 4 for n in names),
                        60)
            got = {path: n for path, n in sim.stats()["paths"].items()
                   if path.startswith("/v3/")}
            walks = [walk for n in names for walk in daemon.walks(n)]
            late = daemon.lines("deadline has passed")
        if not late and all(walk["up"] == "1" for walk in walks):
            break
    ok(len(walks) >= 4 * len(names), "five listings, four cycles", walks)
    # All users are of one domain, as with drivers for each domain: those of
    # all three are asked for, too.
    is_(got, {"/v3/projects": 1, "/v3/domains": 1, "/v3/users": 1 + 3,
              "/v3/auth/tokens": 1}, "... each kind of name once")
    for what, paths in (("id", []), ("name project", []),
                        ("project_name", ["/v3/projects"]),
                        ("domain_name", ["/v3/domains", "/v3/projects"])):
        with Sim() as sim:
            with Daemon(cloud("prod", sim, HostnameFormat=what,
                              **KEYS)) as daemon:
                walked(daemon)
                got = [path for path in sim.stats()["paths"]
                       if path.startswith("/v3/") and "auth" not in path]
                is_(sorted(got), paths, what + ": Keystone is asked if it must be")


def shown(daemon):
    """The meta data of the last whole walk, by a writer that shows them."""
    walks = whole(daemon)
    values = [json.loads(line)[0] for line in daemon.lines(r"^\[\{")]
    return {v["plugin_instance"]: v["meta"] for v in values
            if walks and v["type_instance"] == "volume.size" and
            v["time"] == walks[-1][0].time}


def metadata():
    """Names as meta data. Those of users may come later than their volumes."""
    with Sim() as sim:
        known = Cloud(sim)
        with Daemon(cloud("prod", sim, Metadata="all", **KEYS),
                    plugins=["write_log"],
                    extra='<Plugin write_log>\n Format "JSON"\n</Plugin>',
                    ) as daemon:
            walked(daemon)
            daemon.wait(lambda: any("user_name" in meta for meta in
                                    shown(daemon).values()), 60)
            last = shown(daemon)
    is_(set(last), {v["id"] for v in known.volumes}, "each has meta data")
    for key, wanted in (
            ("name", lambda v: v["name"]),
            ("project_id", lambda v: v[OWNER]),
            ("project_name", lambda v: known.projects[v[OWNER]]["name"]),
            ("domain_name", lambda v: known.domains[
                known.projects[v[OWNER]]["domain_id"]]["name"]),
            ("user_name", lambda v: known.users[v["user_id"]]["name"]),
            ("status", lambda v: v["status"])):
        is_({id: meta.get(key) for id, meta in last.items()},
            {v["id"]: shown_text(wanted(v)) for v in known.volumes},
            key + " is right everywhere")


def shown_text(text):
    """As our meta data and collectd's JSON have it: control bytes and bytes
    that are not ASCII are question marks, and 254 bytes are all."""
    if text is None:
        return None
    return "".join("?" if byte < 32 or byte > 126 else chr(byte)
                   for byte in text.encode()[:254])


def may_not_list():
    """Ids stand for the names that Keystone does not tell."""
    with Sim("--volumes", 200) as sim:
        known = Cloud(sim)
        sim.fault("/v3/projects status 403")
        with Daemon(cloud("prod", sim, HostnameFormat="project_name",
                          **KEYS)) as daemon:
            walked(daemon, 2)
            is_({w["up"] for w in daemon.walks("volumes")}, {"1"},
                "a token that may not list projects: is up")
            own = next(p["id"] for p in known.projects.values()
                       if p["name"] == "service")
            hosts = {id if id != own else "service" for id in
                     (v[OWNER] for v in known.volumes)}
            ok("service" in hosts, "cloudsim has volumes of the own project")
            is_({v.host for v in daemon.select(meter="volume.size")}, hosts,
                "others' projects have their ids, its own has its name")
            daemon.says("may not list projects", "... and that is said", 1)


def of_one_name():
    """Users call many things alike: all are told apart."""
    with Sim() as sim:
        known = Cloud(sim)
        with Daemon(cloud("prod", sim, PluginInstanceFormat="name",
                          **dict(KEYS, Interval=PACE))) as daemon:
            walks = walked(daemon, 3)
            daemon.says(CLASH, "what would share a name is said", 1)
    plain = known.named("name")
    count = collections.Counter(plain.values())
    ok(max(count.values()) > 2 and min(count.values()) == 1,
       "cloudsim has names that are not the only one", count)
    wanted = sorted(instance((name + "-" * (count[name] > 1) + id * (
        count[name] > 1)).encode()) for id, name in plain.items())
    for walk in walks:
        got = [v.instance for v in walk]
        ok(len(set(got)) == 60 and sorted(map(unhashed, got)) == wanted,
           "all who share a name have their ids, in each walk",
           lambda: differ(set(got), set(wanted)))


def after_a_restart():
    """The first walk takes no name that a later one, or one of another start,
    takes back: or sums over both are too high."""
    for keys in ({"PluginInstanceFormat": "name"},
                 {"PluginInstanceFormat": "project_name name"},
                 {"PluginInstanceFormat": "meter",
                  "TypeInstanceFormat": "name"},
                 {"HostnameFormat": "project_name",
                  "PluginInstanceFormat": "meter",
                  "TypeInstanceFormat": "name"}):
        walks = []
        with Sim() as sim:
            for start in range(2):
                with Daemon(cloud("prod", sim, **dict(
                        KEYS, Interval=PACE, **keys))) as daemon:
                    walks += [{(v.host, v.instance, v.meter) for v in walk}
                              for walk in walked(daemon, 2)]
        is_([len(walk) for walk in walks], [60] * 4,
            " ".join(keys.values()) + ": all volumes in each walk")
        ok(all(walk == walks[0] for walk in walks), "... by the same names",
           lambda: differ(walks[0], walks[2]))
        if keys["PluginInstanceFormat"] == "meter":
            is_({inside for walk in walks for _, inside, _ in walk},
                {"volume.size"}, "... and the meter's stays as it is")


def twins():
    """Containers "a b" and "a_b" look alike in an identifier."""
    with Sim("--projects", 3, "--containers", 4, "--twins") as sim:
        with Daemon(cloud("prod", sim, Meter="storage.containers.objects",
                          Interval=LONG)) as daemon:
            first, second = walked(daemon, 2, "accounts")
            daemon.says("accounts: 6 " + CLASH, "twins are said", 1)
        wanted = [(name, value) for name, _, value in
                  sim.expected("storage.containers.objects")]
        is_({len(first), len(second), len({v.instance for v in first}),
             len({v.instance for v in second})}, {12}, "all twelve, each walk")
        is_(sorted(v.instance for v in first),
            sorted(v.instance for v in second), "... by the same names")
        for name in {name for name, _ in wanted}:
            alike = [v.instance for v in first if v.instance.startswith(name)]
            ok(all(re.fullmatch(name + "-[0-9a-f]{16}", i) for i in alike),
               name + ": a hash of the name tells them apart", alike)
        values = {v.instance: v.value for v in first + second}
        ok(all(values[v.instance] == v.value for v in first + second),
           "... with the same value each time")


formats()
fields()
fields_around()
owners()
suggested()
one_listing()
metadata()
may_not_list()
of_one_name()
after_a_restart()
twins()
done()
