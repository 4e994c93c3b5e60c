"""What a panel asks, in words of collectd, and how each store is asked for it.

A query names values as collectd does, TYPE-METER, where gauge may be left out:
"bytes-image.size", "compute.server.total", "bool-up". A class per store turns
queries into its language; tests/dashboards has one more, which answers them from
the values themselves, and compares.

What all stores call the same: the cloud is $cloud, a resource, project or group
its own text. Only Graphite makes "_" of "." and ":" in it.
"""
import collections
import re

# Of each resource, project or group: its value.
Each = collections.namedtuple("Each", "value")
# The same of walks: those at the cloud's interval, and those at one of their own,
# whose seconds stand behind an "@" in the resource. For Top only.
Usual = collections.namedtuple("Usual", "value")
Seldom = collections.namedtuple("Seldom", "value")
# All of them added up. A total is the sum of one.
Sum = collections.namedtuple("Sum", "value")
# How many are 0, of values that are 0 or 1.
Down = collections.namedtuple("Down", "value")
# Used, in percent of the whole: of each, and of all together.
Percent = collections.namedtuple("Percent", "value whole")
SumPercent = collections.namedtuple("SumPercent", "value whole")
# The highest and the lowest as it is now, of Each or Percent.
Top = collections.namedtuple("Top", "query")
Bottom = collections.namedtuple("Bottom", "query")

COUNT = 10  # of Top and Bottom


def split(value):
    """(type, meter)"""
    found = re.match(r"(gauge|bytes|bool|count|duration|records|requests)-(.*)", value)
    return found.groups() if found else ("gauge", value)


def source_of(kind):
    """The name of a type's only data source in types.db"""
    return "seconds" if kind == "duration" else "value"


def is_now(query):
    """One number for each name, and not a line in time?"""
    return isinstance(query, (Top, Bottom))


def names_resources(query):
    """Is there a line for each resource?"""
    return not isinstance(query, (Sum, Down, SumPercent))


def is_slow(value):
    """Does it come once an hour? The plugin asks for these so seldom by itself."""
    return re.match(r"identity\.(?!api)|placement\.(?!api)|\w+\.quota\.",
                    split(value)[1]) is not None


class Prometheus:
    """By collectd's write_prometheus, which repeats what comes seldom."""
    name, title, plugin = "prometheus", "Prometheus", "prometheus"
    clouds = 'label_values(collectd_openstack_bool{type="up"}, instance)'

    def select(self, value, more=""):
        kind, meter = split(value)
        if source_of(kind) != "value":
            kind += "_" + source_of(kind)
        return 'collectd_openstack_%s{instance="$cloud",type="%s"%s}' % (
            kind, meter, more)

    def text(self, query):
        if isinstance(query, Each):
            return self.select(query.value)
        if isinstance(query, Usual):
            return self.select(query.value, ',openstack!~".+@.+"')
        if isinstance(query, Seldom):
            return self.select(query.value, ',openstack=~".+@.+"')
        if isinstance(query, Sum):
            return "sum(%s)" % self.select(query.value)
        if isinstance(query, Down):
            return "sum(1 - %s)" % self.select(query.value)
        if isinstance(query, Percent):
            return "100 * %s / ignoring (type) (%s > 0)" % (
                self.select(query.value), self.select(query.whole))
        if isinstance(query, SumPercent):
            return "100 * sum(%s) / (sum(%s) > 0)" % (
                self.select(query.value), self.select(query.whole))
        return "%s(%d, %s)" % ("topk" if isinstance(query, Top) else "bottomk",
                               COUNT, self.text(query.query))

    def target(self, query, label):
        return {"expr": self.text(query), "instant": is_now(query),
                "range": not is_now(query),
                "legendFormat": "{{openstack}}" if names_resources(query)
                else label}



class InfluxDB:
    """InfluxDB 1, by its listener of collectd's protocol. Rows of one walk have
    one time, and $__interval is at least an interval of the plugin."""
    name, title, plugin = "influxdb", "InfluxDB", "influxdb"
    clouds = 'SHOW TAG VALUES FROM "openstack_value" WITH KEY = "host"'
    over_time = "time($__interval)"

    def rows(self, value, expression='last("value")', alias="value",
             group=over_time + ', "instance"', when="$timeFilter"):
        """The newest value of each resource, in each interval"""
        kind, meter = split(value)
        return ('SELECT %s AS "%s" FROM "openstack_%s" WHERE "host" = \'$cloud\''
                " AND \"type\" = '%s' AND \"type_instance\" = '%s' AND %s"
                " GROUP BY %s fill(none)" % (
                    expression, alias, source_of(kind), kind, meter, when, group))

    def added(self, inner):
        return ('SELECT sum("value") AS "value" FROM (%s) WHERE $timeFilter '
                "GROUP BY %s fill(none)" % (inner, self.over_time))

    def ratio(self, query, function, group, when="$timeFilter",
              inner=over_time + ', "instance"'):
        return ('SELECT 100 * %s("used") / %s("whole") AS "value" FROM (%s), (%s)'
                " WHERE %s GROUP BY %s fill(none)" % (
                    function, function,
                    self.rows(query.value, alias="used", group=inner, when=when),
                    self.rows(query.whole, alias="whole", group=inner,
                              when='"value" > 0 AND ' + when),
                    when, group))

    def now(self, query):
        """One row for each resource, of the last minutes or hours"""
        recent = "time > now() - " + ("2h" if is_slow(query.value) or
                                      isinstance(query, Seldom) else "15m")
        if isinstance(query, Percent):
            return self.ratio(query, "last", '"instance"', recent, '"instance"')
        if isinstance(query, Usual):
            recent = '"instance" !~ /@/ AND ' + recent
        if isinstance(query, Seldom):
            recent = '"instance" =~ /@/ AND ' + recent
        return self.rows(query.value, group='"instance"', when=recent)

    def text(self, query):
        if isinstance(query, Each):
            return self.rows(query.value)
        if isinstance(query, Sum):
            return self.added(self.rows(query.value))
        if isinstance(query, Down):
            return self.added(self.rows(query.value, '1 - last("value")'))
        if isinstance(query, Percent):
            return self.ratio(query, "last", self.over_time + ', "instance"')
        if isinstance(query, SumPercent):
            return self.ratio(query, "sum", self.over_time)
        return 'SELECT %s("value", "instance", %d) AS "value" FROM (%s)' % (
            "top" if isinstance(query, Top) else "bottom", COUNT,
            self.now(query.query))

    def target(self, query, label):
        return {"query": self.text(query), "rawQuery": True,
                "resultFormat": "table" if is_now(query) else "time_series",
                "alias": "$tag_instance" if names_resources(query) else label}



class Graphite:
    """By write_graphite with SeparateInstances:
    CLOUD.openstack.RESOURCE.TYPE.METER"""
    name, title, plugin = "graphite", "Graphite", "graphite"
    clouds = "*"
    resource = 2  # which part of the path

    def path(self, value):
        kind, meter = split(value)
        return "$cloud.openstack.*.%s.%s" % (kind, meter.replace(".", "_"))

    def steady(self, value):
        """What comes seldom stays until it comes again."""
        if not is_slow(value):
            return self.path(value)
        return "keepLastValue(%s, 12)" % self.path(value)

    def bare(self, query):
        if isinstance(query, Usual):
            return "exclude(%s, '@')" % self.path(query.value)
        if isinstance(query, Seldom):
            return "keepLastValue(grep(%s, '@'), 12)" % self.path(query.value)
        if not isinstance(query, Percent):
            return self.steady(query.value)
        # asPercent of Graphite 1.1 fails where the first series has no whole:
        # so let it be a whole, of itself, and leave that out.
        whole = self.path(query.whole)
        return "exclude(asPercent(group(%s, %s), %s, %d), '%s,')" % (
            whole, self.path(query.value), whole, self.resource,
            whole.split("*.")[1])

    def text(self, query, label=""):
        if isinstance(query, Sum):
            text = "sumSeries(%s)" % self.steady(query.value)
        elif isinstance(query, Down):
            text = "sumSeries(offset(scale(%s, -1), 1))" % self.path(query.value)
        elif isinstance(query, SumPercent):
            text = "asPercent(sumSeries(%s), sumSeries(%s))" % (
                self.path(query.value), self.path(query.whole))
        elif is_now(query):
            text = "%s(removeEmptySeries(%s), %d)" % (
                "highestCurrent" if isinstance(query, Top) else "lowestCurrent",
                self.bare(query.query), COUNT)
        else:
            text = "removeEmptySeries(%s)" % self.bare(query)
        if names_resources(query):
            return "aliasByNode(%s, %d)" % (text, self.resource)
        return "alias(%s, '%s')" % (text, label)

    def target(self, query, label):
        return {"target": self.text(query, label)}



STORES = (Prometheus(), InfluxDB(), Graphite())
