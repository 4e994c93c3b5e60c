"""Prometheus, which scrapes collectd's write_prometheus."""

import collections
import os
import re
import subprocess

from store import Store, contrib, free_port, source


class Prometheus(Store):
    programs = ("prometheus", "promtool")
    conf = "prometheus.conf"

    def __init__(self, rules=(), scrape_interval="5s"):
        """rules: paths of rule files"""
        super().__init__()
        self.ports = {"9103": free_port()}
        self.rules, self.scrape_interval = rules, scrape_interval

    def start(self, history=None):
        """history: Values, which are there from the beginning"""
        if history:
            self.load(history)
        conf = contrib("prometheus.yml", self.ports)
        conf = re.sub(r"(scrape_interval: )\w+", r"\g<1>" +
                      self.scrape_interval, conf)
        conf += "rule_files: [%s]\n" % ", ".join(
            '"%s"' % os.path.abspath(rule) for rule in self.rules)
        conf += "global: {evaluation_interval: 1s}\n"
        port = free_port()
        self.spawn("prometheus", "--config.file=" + self.write("conf.yml", conf),
                   "--storage.tsdb.path=" + self.path("data"),
                   "--web.listen-address=127.0.0.1:%d" % port)
        self.url = "http://127.0.0.1:%d" % port
        self.ready(lambda: self.query("vector(1)"))

    def query(self, expression, **options):
        """[{"metric": {...}, "value": [time, text]}]"""
        return self.get("/api/v1/query", query=expression,
                        **options)["data"]["result"]

    @staticmethod
    def series(v):
        """what it calls a Value: a name and its labels, sorted"""
        name = "collectd_openstack_" + v.type
        if source(v.type) != "value":
            name += "_" + source(v.type)
        return (name, ("instance", v.host),
                ("openstack", v.instance), ("type", v.meter))

    def arrived(self, span="1h"):
        """{series: {time: number}} of what came of collectd"""
        found = collections.defaultdict(dict)
        for row in self.query('{__name__=~"collectd_openstack_.*"}[%s]' % span):
            labels = dict(row["metric"])
            name = labels.pop("__name__")
            labels.pop("job", None)
            found[(name, *sorted(labels.items()))].update(
                (round(time, 3), float(text)) for time, text in row["values"])
        return dict(found)

    def load(self, history):
        """Writes blocks of the values, each once a minute as scraping would."""
        families = collections.defaultdict(list)
        for v in history:
            name, *labels = self.series(v)
            families[name].append((v, ",".join(
                '%s="%s"' % (k, re.sub(r'(["\\])', r"\\\1", text))
                for k, text in [*labels, ("job", "openstack")])))
        with open(self.path("history"), "w") as file:
            for name in sorted(families):
                file.write("# TYPE %s gauge\n" % name)
                for v, labels in families[name]:
                    for ahead in range(0, max(1, int(v.interval)), 60):
                        file.write("%s{%s} %s %.3f\n" % (
                            name, labels, v.value, v.time + ahead))
            file.write("# EOF\n")
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics",
                        self.path("history"), self.path("data")],
                       stdout=subprocess.DEVNULL, check=True)
