#!/usr/bin/env python3
"""A name that stood for two things stands for neither, whoever walks: also if
one of the two is gone when another daemon takes the listing over."""
import http.server
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from etcd import Cluster
from sharing import *

INTERVAL = 5
METERS = ("image.size",)


class Images(http.server.BaseHTTPRequestHandler):
    """Glance, with the images that the test wants."""
    protocol_version = "HTTP/1.1"
    images = []

    def do_GET(self):
        body = json.dumps({"images": Images.images}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def image(number, name):
    return {"id": "id%d" % number, "name": name, "size": number,
            "owner": "p%d" % number}


def called(daemon):
    """The names of its last pass."""
    with daemon._lock:
        values = [v for v in daemon.values
                  if v.plugin == "openstack" and v.meter == "image.size"]
    return sorted(v.instance for v in values if v.time == values[-1].time)


def taken_over(sim, etcd, url):
    first, second = [
        sharer(i, sim, etcd.urls, 'Endpoint "image" "%s"' % url,
               Interval=INTERVAL, Meter=list(METERS),
               PluginInstanceFormat="name") for i in (1, 2)]
    Images.images = [image(1, "secret web"), image(2, "secret web"),
                     image(3, "db")]
    both = ["db", "secret_web-id1", "secret_web-id2"]
    with first:
        ok(wait(lambda: called(first) == both, 60),
           "two of one name have their ids", str(called(first)))
        ok(wait(lambda: [k for k in etcd.keys("/") if "/clash/images/" in k]),
           "and etcd has a key of it", str(etcd.keys("/")))
        kept = str(etcd.keys("/"))
        ok("secret" not in kept and "web" not in kept,
           "in which no name stands", kept)
        with second:
            ok(wait(lambda: told(second).get("members") == 2, 30),
               "another daemon comes")
            Images.images = [image(1, "secret web"), image(3, "db")]
            first._kill()
            ok(wait(lambda: called(second), 60), "it takes the listing over")
            is_(called(second), ["db", "secret_web-id1"],
               "the one of the two that is left keeps its name")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Images)
threading.Thread(target=server.serve_forever, daemon=True).start()
with Sim() as sim, Cluster(1) as etcd:
    taken_over(sim, etcd, "http://127.0.0.1:%d/v2" % server.server_port)
done()
