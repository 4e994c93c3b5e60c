"""A real etcd on loopback, of a test's own: one member, or several.

    from etcd import Cluster
    with Cluster(3) as etcd:
        etcd.urls                       # of the members
        etcd.members[0].kill()          # .pause() .resume() .start()
        etcd.revoke_all()               # every lease of the cluster
        etcd.keys("/collectd-openstack")   # {key: (value, lease)}
        etcd.keep_users("collectd", "secret", "/collectd-openstack/")
    Cluster(3, places=[...])            # an address and a network of their own

Ports are free ones, data is in a folder that is gone at the end, and what was
started is ended by its process id. ETCD names the program. Otherwise it is the
one in the path, or that of Debian's package, which is unpacked into the build
folder: to install it would start a service. Where etcd cannot be had, the test
is skipped with the reason; with CI set in the environment that is a failure.
"""

import atexit
import base64
import collections
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "integration"))

from harness import bail_out, note, scratch, skip_all, wait

PATIENCE = 120  # seconds: on a busy machine an election takes its time

# Where a program runs: its address, and the command that takes it there.
Place = collections.namedtuple("Place", "address prefix")
LOCAL = Place("127.0.0.1", [])


def _cannot(reason):
    if os.environ.get("CI"):
        bail_out("no etcd: " + reason)
    skip_all("no etcd: " + reason)


def _unpack(root):
    """Debian's package below `root`, which is complete or is not there."""
    folder = tempfile.mkdtemp(dir=os.path.dirname(root))
    try:
        subprocess.run(["apt-get", "-q", "download", "etcd-server"],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE)
        packages = [f for f in os.listdir(folder) if f.endswith(".deb")]
        subprocess.run(["dpkg", "-x", packages[0], "root"], cwd=folder,
                       check=True, stderr=subprocess.PIPE)
        os.rename(os.path.join(folder, "root"), root)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def program():
    """The path of etcd; otherwise the test ends here."""
    named = os.environ.get("ETCD") or shutil.which("etcd")
    if named:
        return named
    build = os.path.abspath(os.path.join(
        os.environ.get("top_builddir", os.getcwd()), "tests", "share"))
    root = os.path.join(build, "etcd-root")
    path = os.path.join(root, "usr", "bin", "etcd")
    if os.path.exists(path):
        return path
    try:
        os.makedirs(build, exist_ok=True)
        _unpack(root)
    except (OSError, IndexError, subprocess.CalledProcessError) as error:
        if not os.path.exists(path):  # another test may have been quicker
            why = getattr(error, "stderr", b"") or b""
            _cannot("%s %s" % (error, why.decode(errors="replace")[-300:]))
    return path


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def coded(text):
    return base64.b64encode(text.encode()).decode()


def end_of(prefix):
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


class Member:
    def __init__(self, cluster, number, ports, place):
        self.cluster, self.number, self.place = cluster, number, place
        self.scheme = "https" if cluster.tls else "http"
        self.name = "m%d" % number
        self.url = "%s://%s:%d" % (self.scheme, place.address, ports[0])
        self.peer = "http://%s:%d" % (place.address, ports[1])
        self.folder = os.path.join(cluster.folder, self.name)
        self.log = self.folder + ".log"
        self.process = None

    def start(self):
        """Starts it, also again, with the data that it has."""
        cluster = self.cluster
        peers = ",".join("%s=%s" % (m.name, m.peer) for m in cluster.members)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.place.prefix, cluster.program, "--name", self.name,
                 "--data-dir", self.folder,
                 "--listen-client-urls", self.url,
                 "--advertise-client-urls", self.url,
                 "--listen-peer-urls", self.peer,
                 "--initial-advertise-peer-urls", self.peer,
                 "--initial-cluster", peers,
                 "--initial-cluster-token", os.path.basename(cluster.folder)]
                + cluster.options, stdout=log, stderr=log)
        atexit.register(self.kill)

    def kill(self):
        """As if its host had lost power."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
            atexit.unregister(self.kill)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def ask(self, path, body=None, timeout=10):
        """POSTs to the gateway; GETs if there is no body."""
        return self.cluster.ask(path, body, self.url, timeout)

    def is_up(self):
        try:
            return self.ask("/health", timeout=5).get("health") == "true"
        except (OSError, ValueError):
            return False

    def is_leader(self):
        try:
            status = self.ask("/v3/maintenance/status", {}, timeout=5)
        except (OSError, ValueError):
            return False
        return status.get("leader") == status["header"]["member_id"]

    def tell(self):
        try:
            with open(self.log) as log:
                note(self.name + ": " + log.read()[-1500:])
        except OSError:
            pass


class Cluster:
    """tls: (certificate, key) of the members; ca: what callers trust; client:
    (certificate, key) of this class's own requests. options: of etcd. places:
    where its members run."""

    def __init__(self, members=1, options=(), tls=None, ca=None, client=None,
                 places=None):
        self.program = program()
        self.places = places or [LOCAL] * members
        self.tls, self.ca, self.client = tls, ca, client
        self.options = list(options)
        if tls:
            self.options += ["--cert-file", tls[0], "--key-file", tls[1]]
        self.token = None
        self.folder = scratch()
        self._make(members)

    def _make(self, members):
        ports = free_ports(2 * members)
        self.members = []
        for i in range(members):
            self.members.append(
                Member(self, i, ports[2 * i:2 * i + 2], self.places[i]))

    @property
    def urls(self):
        return [m.url for m in self.members]

    def start(self):
        """Returns when there is a leader. A port may be taken meanwhile."""
        for _ in range(3):
            for member in self.members:
                member.start()
            wait(lambda: all(m.is_up() for m in self.members) or
                 any(m.process.poll() is not None for m in self.members),
                 PATIENCE)
            if all(m.is_up() for m in self.members):
                return self
            for member in self.members:
                member.tell()
                member.kill()
                shutil.rmtree(member.folder, ignore_errors=True)
            self._make(len(self.members))
        bail_out("etcd does not start")

    def stop(self):
        for member in self.members:
            member.kill()

    def __enter__(self):
        return self.start()

    def __exit__(self, *unused):
        self.stop()

    def leader(self):
        """The member that leads; waits until there is one."""
        found = []
        wait(lambda: found.extend(m for m in self.members if
                                  m.process is not None and m.is_leader())
             or found, PATIENCE)
        return found[0]

    def metrics(self):
        """{metric with its labels: number} of all members together"""
        found = collections.Counter()
        for member in self.members:
            with urllib.request.urlopen(member.url + "/metrics",
                                        timeout=10) as answer:
                for line in answer.read().decode().splitlines():
                    if not line.startswith("#"):
                        name, value = line.rsplit(" ", 1)
                        found[name] += float(value)
        return found

    def ask(self, path, body=None, url=None, timeout=10):
        request = urllib.request.Request(
            (url or self.members[0].url) + path,
            data=None if body is None else json.dumps(body).encode())
        if self.token:
            request.add_header("Authorization", self.token)
        context = None
        if self.tls:
            context = ssl.create_default_context(cafile=self.ca)
            if self.client:
                context.load_cert_chain(*self.client)
        handlers = [urllib.request.ProxyHandler({})]
        if context:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        opener = urllib.request.build_opener(*handlers)
        with opener.open(request, timeout=timeout) as answer:
            return json.loads(answer.read())

    def keys(self, prefix):
        """{key: (value, lease)}; the lease "0" is none."""
        found = self.ask("/v3/kv/range", {"key": coded(prefix),
                                          "range_end": coded(end_of(prefix))})
        return {base64.b64decode(kv["key"]).decode():
                (base64.b64decode(kv.get("value", "")).decode(),
                 kv.get("lease", "0")) for kv in found.get("kvs", ())}

    def leases(self):
        return [lease["ID"] for lease in
                self.ask("/v3/lease/leases", {}).get("leases", ())]

    def revoke_all(self):
        """What an old leader does that comes back (etcd before 3.4.31)."""
        for lease in self.leases():
            try:
                self.ask("/v3/lease/revoke", {"ID": lease})
            except urllib.error.HTTPError:
                pass  # it has ended meanwhile

    def keep_users(self, user, password, prefix):
        """Switches authentication on: root, and a user of the prefix."""
        auth = "/v3/auth/"
        self.ask(auth + "user/add", {"name": "root", "password": "root-pw"})
        self.ask(auth + "role/add", {"name": "root"})
        self.ask(auth + "user/grant", {"user": "root", "role": "root"})
        self.ask(auth + "user/add", {"name": user, "password": password})
        self.ask(auth + "role/add", {"name": user})
        self.ask(auth + "role/grant", {"name": user, "perm": {
            "permType": "READWRITE", "key": coded(prefix),
            "range_end": coded(end_of(prefix))}})
        self.ask(auth + "user/grant", {"user": user, "role": user})
        self.ask(auth + "enable", {})
        self.log_in()

    def log_in(self):
        self.token = None
        self.token = self.ask("/v3/auth/authenticate", {
            "name": "root", "password": "root-pw"}, timeout=60)["token"]

    def forget_users(self):
        self.ask("/v3/auth/disable", {})
        self.token = None
