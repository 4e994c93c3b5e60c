#!/usr/bin/python3
"""What was once tried by hand: few descriptors, a writer that never returns, a
resolver that hangs, a clock that jumps, lists that never end, many starts and
stops, and a search for the password in the daemon's memory."""

import http.server
import resource
import struct

from harness import *

STARTS = int(os.environ.get("STARTS", "10" if SANITIZER else "100"))


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


class WithResolver(Daemon):
    """A daemon whose names are looked up at 127.0.0.77."""

    def command(self, *options):
        files = {"resolv.conf": "nameserver 127.0.0.77\n"
                                "options timeout:30 attempts:9\n",
                 "nsswitch.conf": "hosts: files dns\n"}
        mounts = []
        for name, text in files.items():
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(text)
            if os.path.exists("/etc/" + name):
                mounts.append("mount --bind %s /etc/%s" % (
                    self.path(name), name))
        return ["unshare", "-m", "sh", "-c",
                " && ".join(mounts + ['exec "$0" "$@"'])
                ] + super().command(*options)


def hanging_resolver():
    """A name that is looked up for ever costs its cloud, and no stop."""
    name = "a resolver that hangs leaves other clouds their rhythm"
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    may = subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL)
    try:
        silent.bind(("127.0.0.77", 53))
    except OSError as error:
        may = error
    if SANITIZER or getattr(may, "returncode", 1) != 0:
        ok(True, name + " # SKIP takes root, and no sanitizer in the shell")
        return
    silent.setblocking(False)
    with Sim("--images", 30) as sim:
        lost = "http://keystone.example.net/v3"
        with WithResolver(cloud("prod", sim),
                          cloud("lost", AuthURL=lost)) as daemon:
            ok(daemon.wait(lambda: len(daemon.walks(cloud="prod")) >= 4), name)
            ok(b"keystone" in silent.recv(512), "... and was asked")
            ok(not daemon.lines("Could not resolve"), "... and hangs",
               daemon.log)
            stops(daemon, "... and the daemon stops within a second")
    silent.close()


def jumping_clock():
    """The wall clock jumps, which is no reason to log in or to fail."""
    name = "walks go on when the clock jumps by "
    if SANITIZER:  # which is preloaded itself
        ok(True, name + "# SKIP takes no sanitizer")
        return
    path = os.path.join(scratch(), "ahead")

    def ahead(seconds):
        with open(path, "r+b" if os.path.exists(path) else "wb") as file:
            file.write(struct.pack("=q", seconds))

    ahead(0)
    environment = {"JUMP_FILE": path, "LD_PRELOAD": find(
        "JUMP_SO", "tests/integration/.libs/libjump.so")}
    with Sim("--images", 30) as sim:
        with Daemon(cloud("prod", sim), environment=environment) as daemon:
            daemon.wait(lambda: len(daemon.walks()) >= 2)
            for seconds in (86400, 86397, 3 * 86400):
                ahead(seconds)
                jumped, before = time.time() + seconds, len(daemon.walks())
                ok(daemon.wait(lambda: len(daemon.walks()) >= before + 4),
                   name + "%d s in all" % seconds)
                last = daemon.select(plugin="openstack")[-1].time
                ok(abs(last - jumped) < 60 * SLOW,
                   "... and values have the new time", last - jumped)
            is_({w["up"] for w in daemon.walks()}, {"1"}, "... all whole")
            is_(sim.stats()["tokens"], 1, "... with one login")


class Endless(http.server.BaseHTTPRequestHandler):
    """A cloud with a list that has always another page, of images; or with long
    names of projects, 160 MB in all."""
    protocol_version = "HTTP/1.1"
    PAGE = 20000
    RECORDS = {"images": '{"id": "i%d"}',
               "projects": '{"id": "p%d", "name": "' + 1000 * "n" + '"}'}

    def answer(self, status, text, token=None):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if token:
            self.send_header("X-Subject-Token", token)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # has had enough

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        url = "http://127.0.0.1:%d" % self.server.server_port
        now = time.time()
        issued, expires = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
                           for at in (now, now + 86400))
        self.answer(201, json.dumps({"token": {
            "issued_at": issued, "expires_at": expires,
            "roles": [{"name": "admin"}],
            "project": {"id": "p", "name": "service",
                        "domain": {"id": "default", "name": "Default"}},
            "catalog": [{"type": "image", "endpoints": [
                {"interface": "public", "region": "R", "url": url}]}]}}), "t")

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path)
        name = path.path.rsplit("/", 1)[1]
        if name != self.server.endless:
            self.answer(200, '{"%s": [{"id": "1"}]}' % name)
            return
        first = int(urllib.parse.parse_qs(path.query).get("marker", "0")[0])
        link = '"?marker=%d"' % (first + self.PAGE)
        if name == "projects" and first == 7 * self.PAGE:
            link = "null"
        self.answer(200, '{"%s": [%s], "next": %s, "links": {"next": %s}}' % (
            name, ",".join(self.RECORDS[name] % n for n in range(
                first, first + self.PAGE)), link, link))

    def log_message(self, *words):
        pass


def peak(daemon):
    """MiB that were resident at most"""
    with open("/proc/%d/status" % daemon.process.pid, encoding="utf-8") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) // 1024


def endless():
    """What servers may send has an end, and so has the memory that it takes:
    8 to 16 bytes an id, and 128 MiB of names."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = "http://127.0.0.1:%d/v3" % server.server_port
    for name, meter, metadata, line, most in (
            ("images", "image.total", "none", "more than 4000000 records", 140),
            ("projects", "image", "all",
             "their ids and names are over 128 MiB", 230)):
        server.endless = name
        with Daemon(cloud(name, AuthURL=url, Interval=900, Timeout=400000,
                          MaxRequestRate=0, Meter=[meter],
                          Metadata=metadata)) as daemon:
            ok(daemon.wait_line(line, 240), "too many %s: %s" % (name, line),
               daemon.log)
            used = peak(daemon)
            note("%s: %d MiB at most" % (name, used))
            ok(SANITIZER or used <= most, "... in %d MiB" % most, used)
    server.shutdown()
    server.server_close()


def many_starts():
    with Sim("--images", 30) as sim:
        took = []
        for _ in range(STARTS):
            with Daemon(cloud("prod", sim, Interval=60)) as daemon:
                daemon.wait_line("Initialization complete", 10)
                took.append(daemon.stop())
        note("%d starts, the longest stop %.2f s" % (STARTS, max(took)))
        # A signal that comes just before collectd's own sleep of a second does
        # not end that: one stop in a hundred takes it to its end.
        late = [seconds for seconds in took if seconds > STOP]
        ok(len(late) <= STARTS // 20 and max(took) <= STOP + 1
           or max(took) <= 8 * alone()[1],
           "%d starts and stops" % STARTS, took)


if not SANITIZER:  # which keep what was freed, and map terabytes
    secret_in_memory()
few_descriptors()
hanging_writer()
hanging_resolver()
jumping_clock()
endless()
many_starts()
done()
