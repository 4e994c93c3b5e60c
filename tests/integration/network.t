#!/usr/bin/python3
"""IPv6, compressed answers, servers that close after each answer."""

from harness import *

METERS = ("image", "image.size")
sims = {
    "keepalive": Sim("--images", 1100),
    "gzip": Sim("--images", 1100, "--gzip"),
    "uwsgi": Sim("--images", 1100, "--http", "uwsgi"),
}
try:
    with socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
    sims["ipv6"] = Sim("--images", 1100, address="::1")
except OSError as error:
    note("no IPv6 here: %s" % error)

INTERVAL = min(3 * PACE, 8)  # a connection that is idle for 10 s is not used again
with Daemon(*[cloud(n, s, Interval=INTERVAL) for n, s in sims.items()]) as daemon:
    daemon.wait(lambda: all(len(daemon.walks(cloud=n)) >= 3 for n in sims))
    for name, sim in sims.items():
        cycles = daemon.cycles(*METERS, host=name)
        ok(cycles and all(c == sim.expected(*METERS) for c in cycles),
           name + ": all images in all walks", [len(c) for c in cycles])
    kept, closed = (sims[n].stats() for n in ("keepalive", "uwsgi"))
    own = 3  # requests of this test: /sim/...
    ok(kept["connections"] <= own + 3, "connections are kept where they can be",
       kept)
    ok(closed["connections"] >= closed["requests"],
       "cloudsim did close them as uwsgi does", closed)
    small, plain = (float(daemon.walks(cloud=n)[0]["received"])
                    for n in ("gzip", "keepalive"))
    note("bytes received: %d compressed, %d plain" % (small, plain))


def proxies():
    """A failed connection names the proxy that the environment sets."""
    nobody = Silent()
    nobody.close()
    proxy = "127.0.0.1:%d" % nobody.port
    environment = {"http_proxy": "http://user:proxy-secret@" + proxy,
                   "no_proxy": "127.0.0.1"}
    named = "; by the proxy of http_proxy=http://.hidden.@" + proxy
    with Sim() as sim:
        with Daemon(cloud("login", AuthURL="http://keystone.example/v3"),
                    cloud("walk", sim,
                          'Endpoint "image" "http://glance.example"'),
                    environment=environment) as daemon:
            daemon.says('"login": login at .*' + named,
                        "a login that fails names the proxy", 1)
            daemon.says('"walk": image: .*' + named,
                        "... and so does a walk, whose login needs none", 1)
            unlike(daemon.log(), "proxy-secret", "... without its password")


proxies()
done()
