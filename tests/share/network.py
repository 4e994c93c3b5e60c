"""Controllers with a network of their own, within one that only the test has.

    if enter():                   # runs the test anew, in a network of its own
        net = Network(3)
        net.places[0]             # etcd.Place: its address, and how to run there
        net.cut(0); net.heal(0)   # from the others, but not from the cloud
        net.api                   # the cloud's address, which all reach

Nothing of it is seen from outside, and it is gone with the test. It takes root.
"""

import os
import shutil
import sys

from etcd import Place
from harness import atexit, subprocess, wait

MARK = "OPENSTACK_TEST_NETWORK"
NETS = {"api": "10.99.1.%d", "etcd": "10.99.2.%d"}
OUTSIDE = 254


def enter():
    """False: this machine does not let it."""
    if os.environ.get(MARK):
        return True
    if os.geteuid() != 0 or not shutil.which("ip") or not shutil.which(
            "nsenter") or subprocess.call(["unshare", "--net", "true"]) != 0:
        return False
    os.environ[MARK] = "1"
    sys.stdout.flush()
    os.execvp("unshare", [
        "unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$0" "$@"',
        sys.executable, *sys.argv])


def ip(*words, within=()):
    subprocess.run([*within, "ip", *map(str, words)], check=True)


class Network:
    def __init__(self, n):
        for name, address in NETS.items():
            ip("link", "add", name, "type", "bridge")
            ip("address", "add", address % OUTSIDE + "/24", "dev", name)
            ip("link", "set", name, "up")
        self.api = NETS["api"] % OUTSIDE
        self.places = [self._place(i) for i in range(n)]

    def _place(self, i):
        holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        atexit.register(holder.kill)
        mine = os.readlink("/proc/self/ns/net")
        wait(lambda: os.readlink("/proc/%d/ns/net" % holder.pid) != mine)
        within = ["nsenter", "-t", str(holder.pid), "-n", "--"]
        ip("link", "set", "lo", "up", within=within)
        for name, address in NETS.items():
            ip("link", "add", name + str(i), "type", "veth", "peer", "name",
               name, "netns", holder.pid)
            ip("link", "set", name + str(i), "master", name, "up")
            ip("address", "add", address % (i + 1) + "/24", "dev", name,
               within=within)
            ip("link", "set", name, "up", within=within)
        return Place(NETS["etcd"] % (i + 1), within)

    def cut(self, i):
        ip("link", "set", "etcd%d" % i, "down")

    def heal(self, i):
        ip("link", "set", "etcd%d" % i, "up")
