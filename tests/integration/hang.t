#!/usr/bin/python3
"""Servers that hang: the daemon keeps its rhythm, and stops when told to."""

from harness import *


def busy(sims):
    return all(sim.stats()["in_flight"] > 0 for sim in sims)


def hang(name, workers):
    """Everything hangs somewhere else; requests may take 30 s."""
    specs = ("/v3 hang", "/image hang", "/image drip 200", "/image endless",
             "/v3 drip 200", "/image latency 60000", "/v3 endless")
    sims = [Sim("--images", 1000, "--fault", spec) for spec in specs]
    silent, full = Silent(), Silent(backlog=0)
    # One connection fills a backlog of 0: the next is not even accepted.
    filler = socket.create_connection(("127.0.0.1", full.port))
    clouds = [cloud("cloud%d" % i, sim, Interval=60)
              for i, sim in enumerate(sims)]
    clouds += [cloud("silent", silent, Interval=60),
               cloud("full", full, Interval=60)]
    config = "<Plugin openstack>\nWorkers %d\n%s\n</Plugin>" % (
        workers, "\n".join(clouds))
    with Daemon(config=config, plugins=("uptime",)) as daemon:
        daemon.wait(lambda: len(daemon.select(plugin="uptime")) >= 6)
        rhythm(daemon, name)
        stops(daemon, name + ": the daemon stops within a second")
    filler.close()
    silent.close()
    full.close()
    for sim in sims:
        sim.stop()


def deadline():
    """A walk ends at 80 % of its interval, and is asked for again."""
    with Sim("--images", 30, "--fault", "/image hang") as sim:
        with Daemon(cloud("prod", sim, Interval=4 * PACE)) as daemon:
            daemon.wait(lambda: len(daemon.walks()) >= 1)
            took = float(daemon.walks()[0]["walk"])
            ok(took <= 3.9 * PACE, "a hanging walk ends before its next interval",
               "%.2f s" % took)
            sim.fault()
            ok(daemon.wait(lambda: daemon.walks()[-1]["up"] == "1"),
               "... and goes on when the server does")


def names():
    """A list that only meta data wants does not take the values' time."""
    with Sim("--images", 30, "--fault", "/v3/projects hang") as sim:
        with Daemon(cloud("prod", sim, Metadata="all",
                          Interval=8 * PACE)) as daemon:
            ok(daemon.wait(lambda: len(daemon.walks()) >= 2, 60),
               "there are walks while Keystone's list of projects hangs")
            is_({w["up"] for w in daemon.walks()}, {"1"}, "... and are whole")
            is_(daemon.cycles("image")[0], sim.expected("image"),
                "... and have all values")
            daemon.says("images: list of projects: page 1: the deadline "
                        "has passed: some names are missing", "... and say why",
                        1)
            is_(sim.stats()["paths"]["/v3/projects"], 1,
                "... and it is not asked for again in each cycle")


def timeout():
    with Sim("--images", 30, "--fault", "/image hang") as sim:
        with Daemon(cloud("prod", sim, Interval=60, Timeout=500)) as daemon:
            daemon.wait(lambda: daemon.walks())
            walks = daemon.walks()
            ok(walks and 0.4 < float(walks[0]["walk"]) < 20,
               "Timeout ends a request", walks)


def others():
    """A cloud that hangs in all its walks holds at most Workers - 1 threads."""
    with Sim("--fault", "/v3 hang") as bad, Sim("--images", 30) as good:
        with Daemon(cloud("bad", bad, Meter=None, Interval=60),
                    cloud("good", good, Interval=PACE)) as daemon:
            ok(daemon.wait(lambda: len(daemon.walks(cloud="good")) >= 5),
               "a cloud that hangs leaves the other its rhythm",
               lambda: daemon.walks(cloud="good"))


def stop_at_once():
    with Sim("--images", 30) as sim:
        with Daemon(cloud("prod", sim, Interval=60)) as daemon:
            daemon.wait_line("Initialization complete", 5)
            stops(daemon, "stops at once while it begins")


hang("a thread for each", 9)
hang("two threads", 2)
deadline()
names()
timeout()
others()
stop_at_once()
done()
