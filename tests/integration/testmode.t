#!/usr/bin/python3
"""collectd -T: one walk on the spot, and a status that tells the truth."""

from harness import *

with Sim("--images", 250) as sim:
    daemon = Daemon(cloud("prod", sim))
    status, text = daemon.run("-T")
    is_(status, 0, "all is well: 0")
    is_(sim.stats()["paths"], {"/v3/auth/tokens": 1, "/image/v2/images": 1},
        "... after one walk")

    status, text = Daemon(cloud("prod", sim, Password="pass-4711-x")).run("-T")
    ok(status != 0, "a wrong password: not 0", text)
    like(text, r'prod.*401', "... and says why")

    sim.fault("/image status 500")
    status, text = Daemon(cloud("prod", sim)).run("-T")
    ok(status != 0, "a broken Glance: not 0", text)
    like(text, r'prod.*images.*500', "... and says why")

    sim.fault("/image status 500")
    with Sim("--images", 10) as other:
        status, text = Daemon(cloud("good", other), cloud("bad", sim)).run(
            "-T")
        ok(status != 0, "one of two clouds is broken: not 0", text)

    closed = Silent()
    closed.close()
    status, text = Daemon(cloud("prod", closed)).run("-T")
    ok(status != 0, "no Keystone: not 0", text)

    sim.fault("/image hang")
    begun = time.monotonic()
    status, text = Daemon(cloud("prod", sim, Timeout=1000)).run("-T")
    ok(status != 0, "a hanging Glance: not 0", text)
    ok(time.monotonic() - begun < 10 * SLOW, "... and it ends")

with Sim("--images", 10, "--without", "image") as sim:
    status, text = Daemon(cloud("prod", sim)).run("-T")
    is_(status, 0, "a service that is not in the catalogue is no failure")
done()
