#!/usr/bin/python3
"""Keystone dead or odd: one attempt for a back-off, whatever hangs on it."""

from harness import *


def dead():
    """A Keystone that hangs up, under walks each second: 10 s between tries."""
    keystone = Silent()
    times = []

    def second():
        times.extend([time.monotonic()] * keystone.accepted())
        return len(times) >= 2

    with Daemon(cloud("prod", keystone)) as daemon:
        daemon.wait(second, 40)
        ok(len(times) == 2 and times[1] - times[0] > 7,
           "a dead Keystone: one attempt for a back-off", times)
        walks = daemon.walks()
        ok(len(walks) >= 2 and {w["up"] for w in walks} == {"0"},
           "... up is 0 in every turn", walks)
        is_([w for w in walks if "sent" in w], [], "... and no walk ran")
        daemon.says(r"\[(error|warning)\].*prod", "... one line", 1)
        is_(daemon.select(meter="image"), [], "... no value")
    keystone.close()


def first_dead():
    """Down when the daemon starts: comes by itself when it is up."""
    with Sim("--images", 30, "--fault", "/v3 status 503") as sim:
        with Daemon(cloud("prod", sim)) as daemon:
            ok(daemon.wait(lambda: daemon.walks() and
                           daemon.walks()[0]["up"] == "0"),
               "Keystone says 503: the daemon starts, up is 0")
            sim.fault()
            ok(daemon.wait(lambda: daemon.walks()[-1]["up"] == "1", 30),
               "... and all is well when it is")
            daemon.says(r"\[notice\].*prod.*works again",
                        "... which one line says", 1)
            is_(daemon.cycles("image")[-1], sim.expected("image"),
                "... with all values")


def odd():
    """Answers that no Keystone gives."""
    specs = {"bad-json": "bad-json", "cut": "cut 700", "endless": "endless",
             "deep": "deep 100000", "string": "long-string 20000000",
             "header": "huge-header 400000", "empty": "empty-reply",
             "bomb": "gzip-bomb 2048", "redirect": "redirect http://127.0.0.1/",
             "forbidden": "status 403", "not-found": "status 404",
             "busy": "retry-after 1"}
    sims = {name: Sim("--images", 30, "--fault", "/v3 " + spec)
            for name, spec in specs.items()}
    config = "<Plugin openstack>\nWorkers 16\n%s\n</Plugin>" % "\n".join(
        cloud(name, sim, Interval=2 * PACE) for name, sim in sims.items())
    with Daemon(config=config) as daemon:
        daemon.wait(lambda: all(daemon.walks(cloud=n) for n in sims), 30)
        for name, sim in sims.items():
            walks = daemon.walks(cloud=name)
            if name not in ("deep", "string"):
                ok(walks and walks[0]["up"] == "0", name + ": up is 0", walks)
            sim.fault()
        daemon.wait(lambda: all({"up": "1"}.items() <= daemon.walks(
            cloud=n)[-1].items() for n in sims), 40)
        for name, sim in sims.items():
            ok(any(w["up"] == "1" for w in daemon.walks(cloud=name)),
               name + ": recovers")
            ok(sim.expected("image") in daemon.cycles("image", host=name),
               name + ": with all values")


dead()
first_dead()
odd()
done()
