"""The real collectd with the built plugin, against cloudsim, watched by TAP.

    from harness import *
    with Sim("--images", "250") as sim:
        with Daemon(cloud("prod", sim)) as daemon:
            daemon.wait(lambda: len(daemon.cycles("image")) >= 2)
            is_(daemon.cycles("image")[0], sim.expected("image"), "all images")
    done()

The oracle is collectd's own csv writer: it prints each value list. Programs
are found by the environment, see find(); SANITIZER=asan or tsan preloads the
runtime of the compiler that built the plugin, and any report fails the test.
"""

import atexit
import collections
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
COLLECTD = os.environ.get("COLLECTD", "/usr/sbin/collectd")
PLUGINS = os.environ.get("COLLECTD_PLUGINS", "/usr/lib/collectd")
TYPESDB = os.environ.get("COLLECTD_TYPESDB", "/usr/share/collectd/types.db")
SANITIZER = os.environ.get("SANITIZER", "")
PASSWORD = "pass-4711"
# What must never stand in a log: the secrets that tests and cloudsim use.
SECRETS = (PASSWORD, "ac-secret", "ready-made-token", "gAAAAAB", "psk-secret")
# A walk has 80 % of its interval: enough also beside whatever else runs here.
PACE = {"": 1, "asan": 3, "tsan": 4}.get(os.environ.get("SANITIZER", ""), 1)
# To the end of the process, which with a sanitizer looks for leaks first.
STOP = 1.0 if not os.environ.get("SANITIZER") else 8.0
HURRY = "under 10 s is a load to its services"
SLOW = {"": 1, "asan": 3, "tsan": 6}.get(SANITIZER, 1)


def find(variable, path):
    """A built file: named by the environment, or in the build or source tree."""
    if os.environ.get(variable):
        return os.environ[variable]
    for top in (os.environ.get("top_builddir"), os.getcwd(), ROOT):
        if top and os.path.exists(os.path.join(top, path)):
            return os.path.abspath(os.path.join(top, path))
    bail_out("no %s; build it, or set %s" % (path, variable))


def bail_out(reason):
    """Nothing else can work either: prove stops here."""
    print("Bail out! " + reason)
    sys.exit(255)


# ---- TAP -------------------------------------------------------------------

_count = 0
_running = []


def _fail(kind, error, trace):
    """A test that breaks off says what the daemons had to say."""
    sys.__excepthook__(kind, error, trace)
    for daemon in _running:
        daemon.tell()


sys.excepthook = _fail
# So that what was started is ended (atexit).
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))


def note(text):
    for line in str(text).splitlines():
        print("# " + line)
    sys.stdout.flush()


def ok(good, name, diagnosis=""):
    global _count
    _count += 1
    print("%sok %d - %s" % ("" if good else "not ", _count, name))
    if not good:
        frame = sys._getframe(1)
        while frame.f_code.co_filename == __file__:
            frame = frame.f_back
        note("line %d" % frame.f_lineno)
        note(diagnosis() if callable(diagnosis) else diagnosis)
        for daemon in _running:
            daemon.tell()
    sys.stdout.flush()
    return bool(good)


def is_(got, wanted, name):
    """Equal; sets and dicts say in what they differ, also in a list."""
    return ok(got == wanted, name, lambda: differ(got, wanted))


def differ(got, wanted):
    if isinstance(got, list) and isinstance(wanted, list) and \
            len(got) == len(wanted):
        return "\n".join(differ(g, w) for g, w in zip(got, wanted) if g != w)
    if isinstance(got, dict) and isinstance(wanted, dict):
        got, wanted = set(got.items()), set(wanted.items())
    if isinstance(got, (set, frozenset)):
        return "missing: %s\nunwanted: %s" % (
            sorted(wanted - got)[:5], sorted(got - wanted)[:5])
    return "got:    %r\nwanted: %r" % (got, wanted)


def like(text, pattern, name):
    return ok(re.search(pattern, text), name, lambda: "no %r in:\n%s" % (
        pattern, text[-4000:]))


def unlike(text, pattern, name):
    found = re.search(pattern, text)
    return ok(not found, name, lambda: "%r in:\n%s" % (
        pattern, text[max(0, found.start() - 500):found.end() + 200]))


def skip_all(reason):
    print("1..0 # SKIP " + reason)
    sys.exit(0)


def done():
    print("1..%d" % _count)


def wait(condition, seconds=20):
    """Until the condition holds, or not: returns which."""
    end = time.monotonic() + seconds * SLOW
    while True:
        try:
            if condition():
                return True
        except (IndexError, KeyError):
            pass  # looks at what has not come yet
        if time.monotonic() > end:
            return False
        time.sleep(0.02)


def scratch():
    folder = tempfile.mkdtemp(prefix="openstack-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


# ---- the plugin's rows ------------------------------------------------------

def rows(requests=False):
    """What src/meters/ has, in its order: a tuple for each meter, be it those of
    requests or all others."""
    lines = subprocess.run(
        [find("METERS", "docs/meters"), "list"], stdout=subprocess.PIPE,
        check=True).stdout.decode().splitlines()
    row = collections.namedtuple("Row", lines[0].split("\t"))
    return [row(*(None if cell == "-" else cell for cell in line.split("\t")))
            for line in lines[1:]
            if (line.split("\t")[1] == "request") == requests]


# ---- a cloud ----------------------------------------------------------------

class Sim:
    """One cloudsim. Its address is self.url, the AuthURL of clouds."""

    def __init__(self, *options, address="127.0.0.1"):
        command = [find("CLOUDSIM", "tests/cloudsim/cloudsim"), "--until-eof",
                   "--address", address, "--password", PASSWORD]
        command += [str(o) for o in options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        if not line.startswith("cloudsim ready "):
            bail_out("cloudsim does not start: " + " ".join(command))
        self.url = line.split()[2]
        parts = urllib.parse.urlsplit(self.url)
        self.host, self.port, self.tls = address, parts.port, parts.scheme
        self.context = None
        atexit.register(self.stop)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.stdin = self.process.stdout = _Closed()

    def request(self, method, path, body=None, headers={}):
        if self.tls == "https":
            connection = http.client.HTTPSConnection(
                self.host, self.port, context=self.context, timeout=20)
        else:
            connection = http.client.HTTPConnection(
                self.host, self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def own(self, method, what, body=None):
        status, _, answer = self.request(method, "/sim/" + what, body)
        if status not in (200, 204):
            raise ValueError("cloudsim: %s /sim/%s %s: %d" % (
                method, what, body, status))
        return answer.decode()

    def stats(self):
        return json.loads(self.own("GET", "stats"))

    def zero(self):
        self.own("DELETE", "stats")

    def fault(self, *specs):
        """Faults from now on; none: all is well again."""
        self.own("DELETE", "fault")
        for spec in specs:
            self.own("POST", "fault", spec)

    def expected(self, *meters, region=None):
        """{(plugin instance, meter, value)} that a correct poller reports."""
        query = {"meters": ",".join(meters)}
        if region:
            query["region"] = region
        found = set()
        for line in self.own(
                "GET", "expected?" + urllib.parse.urlencode(query)).splitlines():
            word, meter, value = line.split(" ")
            found.add((instance(urllib.parse.unquote_to_bytes(word)), meter,
                       number(value)))
        return found


    def records(self, path, key):
        """A listing as the API itself gives it to an administrator."""
        body = self.request("GET", path, headers={
            "X-Auth-Token": "ready-made-token",
            "X-Auth-All-Projects": "true",
            "OpenStack-API-Version": "volume 3.63"})[2]
        return json.loads(body)[key]


class _Closed:
    def close(self):
        pass


def number(text):
    """As csv prints it: six decimals; of them the 15 digits that count."""
    return "%.15g" % float("%.6f" % float(text))


def instance(name):
    """A resource id as it stands in an identifier; without a long one's hash"""
    mapped = re.sub(rb"^\.|[^A-Za-z0-9._:@-]", b"_", name).decode()
    return mapped if len(mapped) < 128 else mapped[:110] + "-"


def unhashed(name):
    return re.sub(r"^(.{110}-)[0-9a-f]{16}$", r"\1", name)


class Silent:
    """Takes connections and says nothing; where full, not even that."""

    def __init__(self, backlog=64, address="127.0.0.1"):
        self.socket = socket.socket()
        self.socket.bind((address, 0))
        self.socket.listen(backlog)
        self.port = self.socket.getsockname()[1]
        self.url = "http://%s:%d/v3" % (address, self.port)

    def accepted(self):
        """How many have knocked so far (and are hung up on)."""
        self.socket.setblocking(False)
        count = 0
        try:
            while True:
                self.socket.accept()[0].close()
                count += 1
        except BlockingIOError:
            return count

    def close(self):
        self.socket.close()


# ---- configuration ------------------------------------------------------------

DEFAULTS = {"Username": "collectd", "Password": PASSWORD,
            "ProjectName": "service", "Interval": PACE,
            "Meter": ["image", "image.size"]}


def block(kind, name, keys, inside=()):
    """<Meter "image"> and the like; inside: further blocks."""
    lines = ['<%s "%s">' % (kind, name)]
    for key, values in keys.items():
        for value in values if isinstance(values, (list, tuple)) else [values]:
            if isinstance(value, bool):
                value = "true" if value else "false"
            elif isinstance(value, str):
                value = '"%s"' % value.replace("\\", "\\\\").replace('"', '\\"')
            lines.append("  %s %s" % (key, value))
    return "\n".join([*lines, *inside, "</%s>" % kind])


def cloud(name, sim=None, *inside, **keys):
    """A <Cloud> block; a key with value None is left out."""
    wanted = dict(DEFAULTS)
    if sim is not None:
        wanted["AuthURL"] = sim.url
    wanted.update(keys)
    return block("Cloud", name, {
        k: v for k, v in wanted.items() if v is not None}, inside)


def every(seconds):
    """All meters of a cloud, those of listings with an interval of their own
    too."""
    return block("Meter", "*", {"Interval": seconds})


def plugin(*clouds):
    return "<Plugin openstack>\n%s\n</Plugin>" % "\n".join(clouds)


Value = collections.namedtuple(
    "Value", "host plugin instance type meter interval time value arrived")

PUTVAL = re.compile(
    r"PUTVAL ([^/]*)/([^/-]*)(?:-([^/]*))?/([^ -]*)(?:-([^ ]*))? "
    r"interval=([0-9.]+) ([0-9.]+):(.*)")


def value_of(found, arrived):
    f = found.groups()
    return Value(f[0], f[1], f[2], f[3], f[4], float(f[5]), float(f[6]), f[7],
                 arrived)


# ---- collectd --------------------------------------------------------------------

class Daemon:
    """One collectd, from its configuration to its end.

    plugins: names of stock plugins to load besides (uptime ...); load: what
    stands in <LoadPlugin openstack>, None: do not; extra: lines at the end.
    """

    def __init__(self, *clouds, plugins=(), load="", extra="", config=None,
                 read_threads=5, environment=None, log_level="info"):
        self.folder = scratch()
        self.values = []
        self.reports = {}  # by plugin instance: what walks say of themselves
        self.errors = []
        self._told = 0
        self.environment = environment or {}
        self._lock = threading.Lock()
        self.process = None
        self.write_config(config if config is not None else plugin(*clouds),
                          plugins, load, extra, read_threads, log_level)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write_config(self, config, plugins, load, extra, read_threads,
                     log_level):
        os.mkdir(self.path("plugins"))
        shutil.copy(find("PLUGIN_SO", "src/.libs/openstack.so"),
                    self.path("plugins/openstack.so"))
        for name in ("csv", "logfile") + tuple(plugins):
            shutil.copy(os.path.join(PLUGINS, name + ".so"),
                        self.path("plugins"))
        lines = ['Hostname "testhost"', "FQDNLookup false", "Interval 1",
                 'BaseDir "%s"' % self.folder,
                 'PIDFile "%s"' % self.path("pid"),
                 'PluginDir "%s"' % self.path("plugins"),
                 'TypesDB "%s"' % TYPESDB, "ReadThreads %d" % read_threads,
                 "WriteThreads 1",  # keeps the order: a walk's report is last
                 "LoadPlugin logfile",
                 '<Plugin logfile>\n LogLevel "%s"\n File "%s"\n'
                 ' PrintSeverity true\n</Plugin>' % (
                     log_level, self.path("log")),
                 "LoadPlugin csv",
                 '<Plugin csv>\n DataDir "stderr"\n</Plugin>']
        lines += ["LoadPlugin %s" % name for name in plugins]
        if load is not None:
            lines += ["<LoadPlugin openstack>", load, "</LoadPlugin>", config]
        lines += [extra, ""]
        with open(self.path("collectd.conf"), "w") as file:
            file.write("\n".join(lines))
        os.chmod(self.path("collectd.conf"), 0o600)

    # -- life

    def command(self, *options):
        return [COLLECTD, "-C", self.path("collectd.conf")] + list(options)

    def environ(self):
        environment = dict(os.environ, **self.environment)
        if SANITIZER:
            environment.update(sanitizer_environment(self.folder))
        return environment

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command("-f"), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=self.environ())
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        _running.append(self)
        atexit.register(self._kill)
        return self

    def __exit__(self, *error):
        if self.process.returncode is None:
            self.stop()
        if self in _running:
            _running.remove(self)

    def _kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _read(self):
        for raw in self.process.stderr:
            line = raw.decode(errors="replace").rstrip("\n")
            found = PUTVAL.match(line)
            with self._lock:
                if found is None:
                    self.errors.append(line)
                    continue
                self.values.append(value_of(found, time.monotonic()))
                last = self.values[-1]
                if last.plugin == "openstack" and ":" in last.instance:
                    self.reports.setdefault(last.instance, []).append(last)
        self.process.stderr.close()

    def alive(self):
        return self.process.poll() is None

    def stop(self):
        """Ends the daemon as systemd does. Returns how long that took."""
        begun = time.monotonic()
        # TSan may keep a signal back in a thread that waits: then collectd's
        # loop goes on as if there had been none.
        tries = 20 if SANITIZER == "tsan" else 1
        for _ in range(tries):
            if self.alive():
                self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60 / tries)
                break
            except subprocess.TimeoutExpired:
                pass
        else:
            self.process.kill()
            self.process.wait()
            ok(False, "the daemon stops within a minute")
        took = time.monotonic() - begun
        self._reader.join(10)
        if self.process.returncode != 0:
            ok(False, "the daemon ends with 0",
               "returned %d" % self.process.returncode)
        self.check_sanitizer()
        return took

    def run(self, *options, seconds=60):
        """collectd in the foreground until it ends: (status, all it said)."""
        done = subprocess.run(
            self.command(*options), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=self.environ(), timeout=seconds * SLOW)
        self.check_sanitizer()
        text = done.stdout.decode(errors="replace")
        for line in text.splitlines():
            found = PUTVAL.match(line)
            if found:
                self.values.append(value_of(found, 0))
        text += self.log()
        self.check_secrets(text)
        return done.returncode, text

    def check_secrets(self, text):
        for secret in SECRETS:
            if secret in text:
                ok(False, "no secret in the log", "found " + secret)

    def check_sanitizer(self):
        for name in sorted(os.listdir(self.folder)):
            if not name.startswith("sanitizer."):
                continue
            with open(self.path(name), errors="replace") as file:
                report = file.read()
            os.rename(self.path(name), self.path("seen." + name))
            for part in report_parts(report):
                ok(False, "no report of the sanitizer", part[:6000])

    # -- what came out

    def logged(self):
        """The log file alone: it only grows."""
        try:
            with open(self.path("log"), errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def log(self):
        with self._lock:
            return self.logged() + "\n".join(self.errors)

    def tell(self):
        """What is new in the log, for whoever reads of a failure."""
        text = self.log()
        note("log of the daemon:")
        note(text[self._told:][-5000:])
        self._told = len(text)

    def lines(self, pattern):
        """Lines like this, but for what each test's Interval brings."""
        return [l for l in self.log().splitlines()
                if re.search(pattern, l) and HURRY not in l]

    def wait(self, condition, seconds=20):
        held = wait(lambda: not self.alive() or condition(), seconds)
        if not self.alive():
            ok(False, "the daemon lives", self.log())
            sys.exit(1)
        return held

    def wait_line(self, pattern, seconds=20):
        return self.wait(lambda: self.lines(pattern), seconds)

    def says(self, pattern, name, times=None):
        """A line of the log, which may come a little after the values."""
        self.wait(lambda: len(self.lines(pattern)) >= (times or 1), 5)
        count = len(self.lines(pattern))
        return ok(count == times if times else count > 0, name,
                  "%d lines of %r" % (count, pattern))

    def select(self, **fields):
        with self._lock:
            copy = list(self.values)
        return [v for v in copy
                if all(getattr(v, k) == w for k, w in fields.items())]

    def cycles(self, *meters, host=None):
        """Values of resources by walk, as sets like Sim.expected().

        All of a walk have one time stamp. A walk that is still under way is
        left out: it is complete once its own report has come, whose last
        value is "up".
        """
        by_walk = {}
        values = self.select(plugin="openstack")
        for v in values:
            if v.meter in meters and host in (None, v.host):
                by_walk.setdefault((v.time, v.host), set()).add(
                    (unhashed(v.instance), v.meter, number(v.value)))
        reported = {(v.time, v.host) for v in values if v.meter == "up"}
        return [by_walk[walk] for walk in sorted(by_walk) if walk in reported]

    def passes(self, *meters):
        """The same by pass, whatever walks it took: each value comes once in a
        pass, so that its n-th one is the n-th pass's."""
        passes, count = [], collections.Counter()
        for v in self.select(plugin="openstack"):
            if v.meter not in meters:
                continue
            name = v.host, v.instance, v.meter
            if count[name] == len(passes):
                passes.append(set())
            passes[count[name]].add(
                (unhashed(v.instance), v.meter, number(v.value)))
            count[name] += 1
        return passes or [set()]

    def duplicates(self, *meters):
        """Identifiers that came twice with one time stamp."""
        seen = collections.Counter(
            (v.host, v.instance, v.type, v.meter, v.time)
            for v in self.select(plugin="openstack") if v.meter in meters)
        return [key for key, count in seen.items() if count > 1]

    def walks(self, listing="images", cloud="prod"):
        """What the walks report of themselves: [{"up": "1", ...}] by time."""
        by_time = {}
        with self._lock:
            copy = list(self.reports.get("%s:%s" % (cloud, listing), ()))
        for v in copy:
            by_time.setdefault(v.time, {})[v.meter] = number(v.value)
        return [by_time[at] for at in sorted(by_time) if "up" in by_time[at]]

    def gap(self, name="uptime"):
        """The longest that a neighbour plugin was silent, in seconds."""
        times = [v.arrived for v in self.select(plugin=name)]
        return max((b - a for a, b in zip(times, times[1:])), default=0)


# ---- times --------------------------------------------------------------------

def alone(times=3):
    """collectd without the plugin, on this machine as busy as it is: the longest
    gap of a 1 s plugin, and the longest stop."""
    gaps, stops = [], []
    for _ in range(times):
        with Daemon(config="", load=None, plugins=("uptime",)) as daemon:
            daemon.wait(lambda: len(daemon.select(plugin="uptime")) >= 4, 60)
            gaps.append(daemon.gap())
            stops.append(daemon.stop())
    note("collectd alone: gaps %s, stops %s" % (gaps, stops))
    return max(gaps), max(stops)


def rhythm(daemon, name):
    """A 1 s plugin beside ours is hardly ever late; on a busy machine, hardly
    more than it is by itself."""
    gap = daemon.gap()
    return ok(0 < gap <= 1.5 * SLOW or gap - 1 <= 4 * (alone()[0] - 1),
              name + ": a 1 s plugin keeps its rhythm",
              "longest gap %.2f s" % gap)


def stops(daemon, name):
    """Within a second, or on a busy machine, some times what collectd takes by
    itself. (What must not be waited for takes half a minute.)"""
    took = daemon.stop()
    return ok(took <= STOP or took <= 8 * alone()[1], name, "%.2f s" % took)


# ---- sanitizers ---------------------------------------------------------------------

def runtime(name):
    """The runtime that the compiler of the plugin links."""
    compiler = os.environ.get("CC", "cc").split()[0]
    for library in ("lib%s.so" % name, "libclang_rt.%s-x86_64.so" % name):
        path = subprocess.run(
            [compiler, "-print-file-name=" + library], stdout=subprocess.PIPE,
            check=True).stdout.decode().strip()
        if os.path.isabs(path):
            return os.path.realpath(path)
    bail_out("%s has no runtime of %s" % (compiler, name))


def sanitizer_environment(folder):
    report = "log_path=%s/sanitizer" % folder
    return {
        "asan": lambda: {
            "LD_PRELOAD": runtime("asan"),
            "ASAN_OPTIONS": report + ":exitcode=0:abort_on_error=0",
            "UBSAN_OPTIONS": report + ":print_stacktrace=1"},
        "tsan": lambda: {
            "LD_PRELOAD": runtime("tsan"),
            "TSAN_OPTIONS": report + ":exitcode=0:ignore_noninstrumented"
                            "_modules=1"},
    }[SANITIZER]()


def report_parts(report):
    """Each finding of its own; leaks that are only the daemon's are not."""
    if "LeakSanitizer" not in report:
        return [report] if report.strip() else []
    parts = re.split(r"\n(?=(?:Direct|Indirect) leak)", report)
    return [p for p in parts if "openstack.so" in p]
