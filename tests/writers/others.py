"""Stores of one short class each: a second collectd, Redis, MQTT, HTTP, RabbitMQ,
RRD."""

import collections
import http.server
import json
import os
import subprocess
import threading

from store import (PYTHON, Sender, Store, connects, contrib, free_port, of_cloud,
                   sent_series, udp_port)


def identifier(v):
    return "%s/%s-%s/%s-%s" % (v.host, v.plugin, v.instance, v.type, v.meter)


class Collectd(Store):
    """A second collectd, to which the network plugin sends encrypted."""
    conf = "network.conf"
    series = staticmethod(identifier)

    def start(self):
        self.ports = {"25826": udp_port()}
        server = contrib("network-server.conf", self.ports).replace(
            "/etc/collectd/passwd",
            self.write("passwd", "openstack: change-me\n"))
        self.daemon = Sender(server)
        self.daemon.__enter__()
        self.daemon.wait_line("Initialization complete", 60)

    def stop(self):
        self.daemon.__exit__()

    def arrived(self):
        return sent_series(self, of_cloud(self.daemon))


# "KEY MEMBER" of all sets
ALL = """local all = {}
for _, key in ipairs(redis.call("KEYS", ARGV[1])) do
  for _, member in ipairs(redis.call("ZRANGE", key, 0, -1)) do
    all[#all + 1] = key .. " " .. member
  end
end
return all"""


class Redis(Store):
    programs = ("redis-server", "redis-cli")
    conf = "redis.conf"

    def start(self):
        self.port = free_port()
        self.ports = {"6379": self.port}
        self.spawn("redis-server", "--bind", "127.0.0.1", "--port",
                   str(self.port), "--save", "", "--appendonly", "no")
        self.ready(lambda: connects(self.port))

    @staticmethod
    def series(v):
        """the key of a sorted set"""
        return "collectd/" + identifier(v)

    def arrived(self):
        """members are TIME:NUMBER"""
        lines = subprocess.run(
            ["redis-cli", "-p", str(self.port), "EVAL", ALL, "0",
             "collectd/*/openstack-*"],
            text=True, check=True, stdout=subprocess.PIPE).stdout.splitlines()
        found = collections.defaultdict(dict)
        for line in filter(None, lines):
            key, _, member = line.rpartition(" ")
            time, number = member.split(":")
            found[key][round(float(time), 3)] = float(number)
        return dict(found)


class Mosquitto(Store):
    programs = ("mosquitto", "mosquitto_sub")
    conf = "mqtt.conf"

    def start(self):
        port = free_port()
        self.ports = {"1883": port}
        self.spawn("mosquitto", "-c", self.write("conf", (
            "listener %d 127.0.0.1\nallow_anonymous true\n"
            "max_queued_messages 0\n" % port)))
        self.ready(lambda: connects(port))
        with open(self.path("heard"), "w") as heard:
            self.processes.append(subprocess.Popen(
                ["mosquitto_sub", "-p", str(port), "-h", "127.0.0.1", "-v", "-t",
                 "collectd/#"], stdout=heard))

    @staticmethod
    def series(v):
        """the topic"""
        return "collectd/" + identifier(v)

    def arrived(self):
        """messages are TIME:NUMBER and a NUL"""
        found = collections.defaultdict(dict)
        with open(self.path("heard")) as heard:
            for line in heard:
                topic, _, text = line.rstrip("\n\0").partition(" ")
                time, colon, number = text.partition(":")
                if colon:
                    found[topic][round(float(time), 3)] = float(number)
        return dict(found)


class JSON(Store):
    """What takes the JSON of value lists, with their meta data. read() is all that
    came."""
    series = staticmethod(identifier)

    @staticmethod
    def name(v):
        return "%s/%s-%s/%s-%s" % (v["host"], v["plugin"], v["plugin_instance"],
                                   v["type"], v["type_instance"])

    def arrived(self):
        found = collections.defaultdict(dict)
        for v in self.read():
            if v["plugin"] == "openstack":
                found[self.name(v)][round(v["time"], 3)] = v["values"][0]
        return dict(found)

    def meta(self):
        return {self.name(v): v.get("meta", {}) for v in self.read()}


class Posts(JSON):
    """A server of a few lines that takes write_http's JSON."""
    conf = "http.conf"

    def start(self):
        self.values = values = []

        class Take(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                values.extend(json.loads(self.rfile.read(
                    int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Take)
        port = self.server.server_port
        self.url = "http://127.0.0.1:%d/" % port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def collectd(self):
        return contrib(self.conf).replace("http://127.0.0.1:8080/", self.url)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def read(self):
        return list(self.values)


# Each message of an exchange in a line, after one that tells of the queue.
TAKE = """import amqp, sys
with amqp.Connection(sys.argv[1]) as broker:
    channel = broker.channel()
    queue = channel.queue_declare(exclusive=True).queue
    channel.queue_bind(queue, "amq.fanout")
    channel.basic_consume(queue, no_ack=True, callback=lambda message: print(
        message.body.decode(), flush=True))
    print("[]", flush=True)
    while True:
        broker.drain_events()
"""


class RabbitMQ(JSON):
    """A broker, and a queue that all messages of the exchange come to."""
    # Not the script in /usr/sbin, which is for the service's own user
    programs = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "epmd")
    conf = "amqp.conf"

    def start(self):
        port, epmd = free_port(), free_port()
        self.ports = {"5672": port}
        # Where Erlang's programs find each other; the broker would leave one
        # behind.
        self.spawn("epmd", "-port", str(epmd), "-address", "127.0.0.1")
        self.ready(lambda: connects(epmd))
        self.spawn(self.programs[0], environment={
            "HOME": self.folder, "ERL_EPMD_PORT": str(epmd),
            "RABBITMQ_NODENAME": "writers%d@localhost" % port,
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_CONF_ENV_FILE": self.write("env", ""),
            "RABBITMQ_CONFIG_FILE": self.write("rabbitmq.conf", ""),
            "RABBITMQ_ENABLED_PLUGINS_FILE": self.write("enabled", "[]."),
            "RABBITMQ_MNESIA_BASE": self.path("mnesia"),
            "RABBITMQ_LOG_BASE": self.path("logs")})
        self.ready(lambda: connects(port))
        with open(self.path("heard"), "w") as heard, \
                open(self.path("log"), "a") as log:
            self.processes.append(subprocess.Popen(
                [PYTHON, "-c", TAKE, "127.0.0.1:%d" % port], stdout=heard,
                stderr=log))
        self.ready(lambda: os.path.getsize(self.path("heard")) > 0)

    def read(self):
        """a line is a message: a list of one"""
        with open(self.path("heard")) as heard:
            return [v for line in heard if line.endswith("\n")
                    for v in json.loads(line)]


class RRD(Store):
    """Files that collectd writes itself."""
    programs = ("rrdtool",)
    conf = "rrdtool.conf"

    def start(self):
        pass

    def collectd(self):
        return contrib(self.conf).replace("/var/lib/collectd/rrd",
                                          self.path("rrd"))

    def series(self, v):
        """the file; times are whole seconds"""
        return self.path("rrd/%s.rrd" % identifier(v))

    def bytes(self):
        """of all files"""
        return sum(os.path.getsize(file) for file in self.files())

    def files(self):
        return [os.path.join(folder, name)
                for folder, _, names in os.walk(self.path("rrd"))
                for name in names if "/openstack-" in folder]

    def arrived(self):
        """the newest of each file"""
        found = {}
        for file in self.files():
            last = subprocess.run(["rrdtool", "lastupdate", file], text=True,
                                  check=True, stdout=subprocess.PIPE).stdout
            time, number = last.splitlines()[-1].split(":")
            found[file] = {int(time): float(number)}
        return found
