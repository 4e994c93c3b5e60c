"""InfluxDB 1, which takes collectd's protocol, or lines over UDP."""

import collections

from store import Store, contrib, free_port, source, udp_port

SERVER = """reporting-disabled = true
bind-address = "127.0.0.1:%d"
[meta]
  dir = "%s/meta"
[data]
  dir = "%s/data"
  wal-dir = "%s/wal"
[http]
  bind-address = "127.0.0.1:%d"
  log-enabled = false
[monitor]
  store-enabled = false
"""


class InfluxDB(Store):
    """udp: by write_influxdb_udp; else by collectd's network plugin."""
    programs = ("influxd",)

    def __init__(self, udp=False):
        super().__init__()
        self.udp = udp
        self.database = "collectd_udp" if udp else "collectd"
        self.conf = "influxdb-udp.conf" if udp else "influxdb.conf"
        self.listeners = {"25826": udp_port(), "8089": udp_port()}
        used = "8089" if udp else "25826"
        self.ports = {used: self.listeners[used]}

    def start(self, history=None):
        """history: Values, which are sent by the writer"""
        port = free_port()
        conf = SERVER % (free_port(), *[self.folder] * 3, port)
        conf += contrib("influxdb-server.conf", self.listeners)
        self.spawn("influxd", "run", "-config", self.write("conf", conf))
        self.url = "http://127.0.0.1:%d" % port
        self.ready(lambda: self.query("SHOW DATABASES"))
        if history:
            import history as past
            past.send(self, history)

    def query(self, text, **options):
        """[{"name", "tags", "columns", "values"}]; times are in us"""
        answer = self.get("/query", db=self.database, q=text, epoch="u",
                          **options)["results"][0]
        if answer.get("error", "").startswith("database not found"):
            return []  # nothing has come yet
        if "error" in answer:
            raise ValueError("%s: %s" % (text, answer["error"]))
        return answer.get("series", [])

    def series(self, v):
        """what it calls a Value: a measurement and its tags, sorted"""
        name = v.plugin if self.udp else "%s_%s" % (v.plugin, source(v.type))
        return (name, ("host", v.host), ("instance", v.instance),
                ("type", v.type), ("type_instance", v.meter))

    def arrived(self):
        """{series: {time: number}} of all that came"""
        found = collections.defaultdict(dict)
        for row in self.query("SELECT * FROM /^openstack/ GROUP BY *"):
            tags = sorted((k, t) for k, t in row["tags"].items() if t)
            found[(row["name"], *tags)].update(
                (round(us / 1e6, 3), float(number))
                for us, *numbers in row["values"]
                for number in numbers if number is not None)
        return dict(found)
