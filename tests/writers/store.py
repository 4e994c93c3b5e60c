"""A store of values from Debian's packages, of a test's own: on loopback, on
free ports, with all its files in a folder that is gone at the end.

A module per store has its class; README shows how it is used. What a store
needs of collectd stands in contrib/writers, and so is the same as the page of
writers shows; tests replace its ports and nothing else.
"""

import atexit
import collections
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "integration"))

from harness import (ROOT, Daemon, Sim, bail_out, cloud, note, ok, scratch,
                     skip_all, wait)

CONTRIB = os.path.join(ROOT, "contrib/writers")
PLUGINS = os.environ.get("COLLECTD_PLUGINS", "/usr/lib/collectd")
PYTHON = "/usr/bin/python3"  # which has Debian's packages
PATIENCE = 120  # seconds: stores are slow to start on a busy machine


def free_port(kind=socket.SOCK_STREAM):
    """Below those that the kernel gives to whoever connects: one of them may be
    taken before a slow store listens."""
    while True:
        with socket.socket(type=kind) as one:
            try:
                one.bind(("127.0.0.1", random.randrange(10000, 30000)))
                return one.getsockname()[1]
            except OSError:
                pass  # taken


def udp_port():
    return free_port(socket.SOCK_DGRAM)


def contrib(name, ports=()):
    """A file of contrib/writers; ports: {the port there: the one here}."""
    with open(os.path.join(CONTRIB, name)) as file:
        text = file.read()
    for old, new in dict(ports).items():
        text, count = re.subn(r'(?<=[":])%s(?=")' % old, str(new), text)
        if count == 0:
            bail_out("%s has no port %s" % (name, old))
    return text


class Store:
    """The base of all: processes, and their end. `with` starts and stops it.

    programs: commands that it needs; url: where it answers, once started;
    collectd(): the configuration that makes collectd send to it.
    """
    programs = ()
    conf = None   # in contrib/writers

    def __init__(self):
        for program in self.programs:
            if shutil.which(program) is None and not os.path.exists(program):
                skip_all("no %s; tests/writers/run installs it" % program)
        self.folder = scratch()
        self.processes = []
        self.ports = {}  # of the files in contrib/writers
        self.url = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def collectd(self):
        return contrib(self.conf, self.ports)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()

    def spawn(self, *command, environment=None):
        with open(self.path("log"), "a") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=dict(os.environ, **(environment or {})))
        self.processes.append(process)
        atexit.register(end, process)
        return process

    def ready(self, condition):
        """Waits for a store that starts."""
        def holds():
            if any(p.poll() is not None for p in self.processes):
                raise ChildProcessError("a process of the store has ended")
            try:
                return condition()
            except OSError:
                return False
        try:
            if wait(holds, PATIENCE):
                return
        except ChildProcessError:
            pass
        with open(self.path("log"), errors="replace") as log:
            note(log.read()[-3000:])
        bail_out("%s does not start" % type(self).__name__)

    def stop(self):
        while self.processes:
            end(self.processes.pop())

    def get(self, path, **query):
        """What it answers to a GET: the JSON."""
        url = self.url + path
        if query:
            url += "?" + urllib.parse.urlencode(query, doseq=True)
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.load(answer)


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def connects(port):
    """Does anybody listen there?"""
    with socket.create_connection(("127.0.0.1", port), 5):
        return True


# ---- collectd with a writer --------------------------------------------------

class Sender(Daemon):
    """collectd with a store's writer, and csv beside it, whose values are the
    truth. Without clouds it sends what replay() gives it."""

    def __init__(self, writer, *clouds, extra="", **options):
        if not clouds:
            options.update(config="", load=None)
        extra += "\n" + writer
        super().__init__(*clouds, extra=extra, **options)
        for name in re.findall(r'LoadPlugin "?(\w+)', extra):
            shutil.copy(os.path.join(PLUGINS, name + ".so"),
                        self.path("plugins"))


UNIXSOCK = """LoadPlugin unixsock
<Plugin unixsock>
  SocketFile "%s"
</Plugin>"""


class Replay(Sender):
    """collectd with a writer, to which values of any time can be given."""

    def __init__(self, writer):
        self.socket_path = os.path.join(scratch(), "socket")
        super().__init__(writer, extra=UNIXSOCK % self.socket_path)

    def put(self, values):
        """Values (harness) as their time and interval have it."""
        with socket.socket(socket.AF_UNIX) as sock:
            wait(lambda: os.path.exists(self.socket_path), PATIENCE)
            sock.connect(self.socket_path)
            with sock.makefile("rw") as lines:
                for value in values:
                    lines.write(putval(value))
                    lines.flush()
                    answer = lines.readline()
                    if not answer.startswith("0"):
                        bail_out("collectd refuses: " + answer)


def putval(v):
    return 'PUTVAL "%s/%s-%s/%s-%s" interval=%.3f %.3f:%s\n' % (
        v.host, v.plugin, v.instance, v.type, v.meter, v.interval, v.time,
        v.value)


# ---- what was sent and what arrived ------------------------------------------

def sent_series(store, values):
    """{series: {time: number}} of values, by the names the store gives them"""
    found = collections.defaultdict(dict)
    for v in values:
        found[store.series(v)][v.time] = float(v.value)
    return dict(found)


def source(kind):
    """What types.db calls the number of a type, of those that we have."""
    return "seconds" if kind == "duration" else "value"


def points(series):
    return sum(map(len, series.values()))


def equal(got, sent):
    """csv prints six decimals, and most stores get 15 digits."""
    return abs(got - sent) <= max(1e-6, abs(sent) * 1e-14)


def lacks(sent, arrived):
    """What has not arrived, or not equal: [(series, time, sent, arrived)]."""
    found = []
    for name, times in sent.items():
        for time, number in times.items():
            got = arrived.get(name, {}).get(time)
            if got is None or not equal(got, number):
                found.append((name, time, number, got))
    return found


def arrives(sent, look, name, seconds=PATIENCE):
    """Everything sent arrives, equal, and in no other series. Both are functions:
    more may come while one looks."""
    truth, arrived = {}, {}

    def complete():
        nonlocal truth, arrived
        try:
            arrived = look()
        except OSError as error:  # asked again; what does not come is missing
            note("%s: %s" % (name, error))
            truth = sent()
            return False
        truth = sent()
        return truth and not lacks(truth, arrived)
    wait(complete, seconds)
    note("%s: sent %d values of %d series, arrived %d of %d" % (
        name, points(truth), len(truth), points(arrived), len(arrived)))
    missing = lacks(truth, arrived)
    extra = sorted(set(arrived) - set(truth))
    return ok(truth and not missing and not extra, name,
              "%d values missing or wrong: %s\nunwanted series: %s" % (
                  len(missing), missing[:4], extra[:4]))


def of_cloud(daemon):
    return daemon.select(plugin="openstack")


def walked(daemon, walks=1, cloud="prod"):
    """Waits until a cloud has been walked so often."""
    if not daemon.wait(lambda: len(daemon.walks("images", cloud)) >= walks,
                       PATIENCE):
        bail_out("no walk comes to its end")


def live(store, *options, walks=2, **keys):
    """Values of a cloud that is polled and sent to the store"""
    keys = dict({"Meter": "*", "Interval": 5, "MaxRequestRate": 0}, **keys)
    with Sim(*options) as sim:
        with Sender(store.collectd(), cloud("prod", sim, **keys)) as daemon:
            walked(daemon, walks)
    return of_cloud(daemon)
