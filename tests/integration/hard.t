#!/usr/bin/python3
"""What was once tried by hand: few descriptors, a writer that never returns,
many starts and stops, and a search for the password in the daemon's memory."""

import resource

from harness import *

STARTS = int(os.environ.get("STARTS", "10"))


# libcurl frees the request that it has sent, and does not wipe it.
SENT = re.compile(rb"Content-Length: \d+\r\n\r\n[^\0]{0,400}$")


def memory_has(pid, text):
    """How often the writable memory of a process holds these bytes, but for
    libcurl's copy of a request."""
    count = 0
    with open("/proc/%d/maps" % pid, encoding="utf-8") as maps, \
            open("/proc/%d/mem" % pid, "rb", 0) as memory:
        for line in maps:
            where, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            begin, end = (int(n, 16) for n in where.split("-"))
            try:
                memory.seek(begin)
                data = memory.read(end - begin)
            except (OSError, OverflowError, ValueError):
                continue  # [vvar] and the like
            count += sum(not SENT.search(data[max(0, at.start() - 600):
                                              at.start()])
                         for at in re.finditer(re.escape(text), data))
    return count


def secret_in_memory():
    """A password that comes from a file is wiped behind the login."""
    secret = "correct-horse-%d-staple" % os.getpid()
    path = os.path.join(scratch(), "password")
    with open(path, "w", encoding="utf-8") as file:
        file.write(secret + "\n")
    os.chmod(path, 0o600)
    with Sim("--images", 30, "--password", secret) as sim:
        with Daemon(cloud("prod", sim, Password=None,
                          PasswordFile=path)) as daemon:
            ok(daemon.wait(lambda: len(daemon.walks()) >= 2),
               "walks with a password from a file")
            pid = daemon.process.pid
            ok(memory_has(pid, path.encode()) > 0,
               "the search finds what is there")
            is_(memory_has(pid, secret.encode()), 0,
                "... and no password in the daemon's memory")


def few_descriptors():
    with Sim("--images", 30) as sim:
        with Daemon(cloud("prod", sim, Meter=["image", "volume.size",
                                              "storage.objects"])) as daemon:
            resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE,
                             (60, 60))
            before = len(daemon.walks())
            ok(daemon.wait(lambda: len(daemon.walks()) >= before + 4),
               "walks with 60 descriptors")
            is_({w["up"] for w in daemon.walks()[before:]}, {"1"},
                "... which suffice")


def hanging_writer():
    """All write threads wait for a server: that is not the walks' affair."""
    silent = Silent()
    extra = ('<Plugin write_http>\n<Node "n">\nURL "http://127.0.0.1:%d/"\n'
             'BufferSize 1024\nTimeout 0\n</Node>\n</Plugin>\n' % silent.port)
    with Sim("--images", 200) as sim:
        daemon = Daemon(cloud("prod", sim), plugins=("write_http",),
                        extra="LoadPlugin write_http\n" + extra)
        with daemon:
            def asked():
                return sim.stats()["paths"].get("/image/v2/images", 0)

            start = time.monotonic()
            ok(wait(lambda: asked() >= 8, 40),
               "walks go on while all writers hang", asked)
            note("8 requests in %.1f s" % (time.monotonic() - start))
            silent.close()  # collectd waits for its writers at its end


def many_starts():
    with Sim("--images", 30) as sim:
        took = []
        for _ in range(STARTS):
            with Daemon(cloud("prod", sim, Interval=60)) as daemon:
                daemon.wait_line("Initialization complete", 10)
                took.append(daemon.stop())
        note("%d starts, the longest stop %.2f s" % (STARTS, max(took)))
        ok(max(took) <= STOP, "%d starts and stops" % STARTS, took)


if not SANITIZER:  # which keep what was freed, and map terabytes
    secret_in_memory()
few_descriptors()
hanging_writer()
many_starts()
done()
