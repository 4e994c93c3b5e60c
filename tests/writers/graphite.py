"""Graphite: carbon-cache, and graphite-web's render API."""

import collections
import os
import re
import subprocess
import urllib.error

from store import (PYTHON, Store, connects, contrib, free_port, note, scratch,
                   wait)

CARBON = """[cache]
STORAGE_DIR = {folder}
LOCAL_DATA_DIR = {folder}/whisper
CONF_DIR = {folder}
LOG_DIR = {folder}
PID_DIR = {folder}
USER =
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = {line}
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = {pickle}
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = {query}
MAX_CREATES_PER_MINUTE = {creates}
MAX_UPDATES_PER_SECOND = 100000
ENABLE_TAGS = {tags}
GRAPHITE_URL = http://127.0.0.1:{web}
TAG_UPDATE_INTERVAL = 1
"""
SETTINGS = """SECRET_KEY = "of a test"
ALLOWED_HOSTS = ["127.0.0.1"]
TIME_ZONE = "UTC"
STORAGE_DIR = LOG_DIR = "{folder}"
WHISPER_DIR = "{folder}/whisper"
INDEX_FILE = "{folder}/index"
FIND_TIMEOUT = FETCH_TIMEOUT = CARBONLINK_TIMEOUT = 60
CARBONLINK_HOSTS = ["127.0.0.1:{query}:a"]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3",
                          "NAME": "{folder}/tags.db",
                          "OPTIONS": {{"timeout": 60}}}}}}
"""
WEB = """import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, WSGIRequestHandler, make_server
from graphite.wsgi import application
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
make_server("127.0.0.1", int(sys.argv[1]), application, Server).serve_forever()
"""
# What graphite-web's exception.log says when it reads a file that carbon has opened
# and not yet filled: it fails the whole request then.
HALF_MADE = r"whisper\.CorruptWhisperFile: Unable to read|" \
    r'whisper\.py", line \d+, in (?s:.){,400}\nstruct\.error: unpack'
# As Debian's /etc/carbon/storage-schemas.conf, below ours.
STOCK_SCHEMAS = """
[default]
pattern = .*
retentions = 60s:1d,5m:30d,1h:3y
"""
# A file of that retention, fed for 30 hours each 300 s at the time of each value:
# how many of the values that are 25 to 30 hours old it has, and steps.
RETAINED = """import sys, whisper
now, path = 1700000100, sys.argv[1]
whisper.create(path, [whisper.parseRetentionDef(r)
                      for r in sys.argv[2].split(",")])
for at in range(now - 30 * 3600, now + 1, 300):
    whisper.update(path, 1.0, at, now=at)
found = whisper.fetch(path, now - 30 * 3600, now - 25 * 3600, now=now)[1]
print(sum(value is not None for value in found), len(found))
"""
# A file without values.
CREATED = """import sys, whisper
whisper.create(sys.argv[1], [(300, 288), (3600, 48)])
"""


class Graphite(Store):
    """tags: UseTags, and graphite-web's tags; schemas: text instead of that of
    contrib/writers; creates: MAX_CREATES_PER_MINUTE."""
    programs = ("carbon-cache", "/usr/share/graphite-web/graphite.wsgi")

    def __init__(self, tags=False, schemas=None, creates="inf"):
        super().__init__()
        self.tags, self.creates = tags, creates
        self.schemas = schemas
        self.conf = "graphite-tags.conf" if tags else "graphite.conf"
        self.ports = {"2003": free_port()}

    def start(self, history=None):
        """history: Values, which are sent by the writer"""
        if self.schemas is None:
            self.schemas = contrib("graphite-storage-schemas.conf")
        self.write("storage-schemas.conf", self.schemas + STOCK_SCHEMAS)
        self.write("storage-aggregation.conf", "")
        os.mkdir(self.path("whisper"))
        names = {"folder": self.folder, "line": self.ports["2003"],
                 "pickle": free_port(), "query": free_port(),
                 "web": free_port(), "tags": self.tags, "creates": self.creates}
        self.write("carbon.conf", CARBON.format(**names))
        self.write("private_settings.py", SETTINGS.format(**names))
        self.start_web(names["web"])
        self.spawn("carbon-cache", "--config=" + self.path("carbon.conf"),
                   "--nodaemon", "start")
        self.ready(lambda: connects(self.ports["2003"]))
        if history:
            import history as past
            past.send(self, history)

    def start_web(self, port):
        environment = {"DJANGO_SETTINGS_MODULE": "graphite.settings",
                       "GRAPHITE_SETTINGS_MODULE": "private_settings",
                       "PYTHONPATH": self.folder}
        with open(self.path("log"), "a") as log:
            subprocess.run(
                [PYTHON, "-m", "django", "migrate", "--run-syncdb"],
                env=dict(os.environ, **environment), cwd=self.folder,
                stdout=log, stderr=log, check=True)
        self.spawn(PYTHON, self.write("web.py", WEB), str(port),
                   environment=environment)
        self.url = "http://127.0.0.1:%d" % port
        self.ready(lambda: self.get("/metrics/find", query="*") is not None)

    def render(self, target, **options):
        """[{"target", "tags", "datapoints": [[number or null, time]]}]
        Asked again, for a short time, while a file of it is only half made."""
        query = {"target": target, "format": "json", "from": "-1h", **options}
        answer = None

        def answers():
            nonlocal answer
            seen = len(self.exceptions())
            try:
                answer = self.get("/render", **query)
                return True
            except urllib.error.HTTPError as error:
                told = self.exceptions()[seen:]
                if re.search(HALF_MADE, told):
                    return False
                note("%s of %s\n%s" % (error, target, told or
                                       error.read().decode(errors="replace")))
                raise
        if not wait(answers, 5):
            note(self.exceptions()[-3000:])
            raise OSError("a file of %s stays half made" % target)
        return answer

    def exceptions(self):
        """What graphite-web says of the requests that it answers with 500"""
        try:
            with open(self.path("exception.log"), errors="replace") as log:
                return log.read()
        except FileNotFoundError:
            return ""

    def series(self, v):
        """what it calls a Value: its path"""
        if not self.tags:
            return ".".join(re.sub("[.:]", "_", part) for part in (
                v.host, v.plugin, v.instance, v.type, v.meter))
        tags = {"host": v.host, "plugin": v.plugin, "type": v.type,
                "plugin_instance": v.instance, "type_instance": v.meter}
        return ";".join(["%s.%s" % (v.plugin, v.type)] + [
            "%s=%s" % (key, tags[key].replace(":", "_"))
            for key in sorted(tags)])

    def arrived(self, **options):
        """{series: {time: number}} of all that came"""
        target = "seriesByTag('plugin=openstack')" if self.tags else \
            "*.openstack.*.*.*"
        found = collections.defaultdict(dict)
        for row in self.render(target, **options):
            found[row["target"]].update(
                (time, number) for number, time in row["datapoints"]
                if number is not None)
        return dict(found)


def retained(schemas):
    """(values, steps) of an hour of yesterday, at one value each 300 s; schemas:
    "stock" or "contrib" """
    text = STOCK_SCHEMAS
    if schemas == "contrib":
        text = contrib("graphite-storage-schemas.conf")
    retentions = re.search(r"^retentions = (\S+)", text, re.M).group(1)
    out = subprocess.run([PYTHON, "-c", RETAINED,
                          os.path.join(scratch(), "file"), retentions],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    return tuple(map(int, out.split()))


def whisper_file(path):
    """makes one without values, and returns what is in it"""
    subprocess.run([PYTHON, "-c", CREATED, path], check=True)
    with open(path, "rb") as file:
        return file.read()
