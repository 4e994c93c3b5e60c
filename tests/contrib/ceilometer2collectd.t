#!/usr/bin/python3
"""contrib/ceilometer2collectd: tests/data/ceilometer in, .conf and .said out.

"ceilometer2collectd.t --write" makes the wanted files anew, to be read before
they are committed.
"""

import importlib.machinery
import importlib.util
import json
import math
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))

from harness import bail_out, done, is_, like, ok, skip_all  # noqa: E402

PROGRAM = os.path.join(ROOT, "contrib", "ceilometer2collectd")
DATA = os.path.join(ROOT, "tests", "data", "ceilometer")

# Name of the wanted files, exit status, arguments.
CASES = (
    ("magnum", 0, "magnum.yaml"),
    ("vpn", 1, "vpn.yaml"),
    ("radosgw", 2, "radosgw.yaml"),
    ("linked", 1, "linked.yaml"),
    ("servers", 1, "servers.yaml"),
    ("operations", 1, "operations.yaml"),
    ("listings", 1, "listings.yaml"),
    ("polling", 1, "--polling polling.yaml"),
    ("polling-all", 0, "--polling polling-all.yaml"),
    ("polling-out", 0, "--polling polling-out.yaml"),
    ("polling-compute", 2, "--polling polling-compute.yaml"),
    ("polling-unused", 1, "--polling polling.yaml magnum.yaml"),
    ("polling-many", 1, "--cloud prod --polling polling-many.yaml "
     "magnum.yaml radosgw.yaml vpn.yaml"),
)

NOTHING = "ceilometer2collectd: nothing could be converted\n"
SOURCE = "sources: [{name: s, interval: %s, meters: %s}]"
# What is no input at all, and what is said of it.
UNUSABLE = (
    ("--polling", "sources: [", "while parsing"),
    ("--polling", "a: \0", "unacceptable character|special characters"),
    ("--polling", "", "no sources"),
    ("--polling", "sources: []", "no sources"),
    ("--polling", "sources: [x]", "without a name"),
    ("--polling", SOURCE % (60, "[]"), "no meters"),
    ("--polling", SOURCE % (60, "cpu"), "no meters"),
    ("--polling", SOURCE % (60, "['']") + "]", "while parsing"),
    ("--polling", SOURCE % (60, "['']"), "no meters"),
    ("--polling", "sources: [{interval: 60, meters: [x]}]", "without a name"),
    ("--polling", SOURCE % ("soon", "[image]"), "no interval"),
    ("--polling", SOURCE % (0, "[image]"), "no interval"),
    ("--polling", "a: 2026-99-99", "month must be|day is out of range"),
    ("--polling", "sources: [{name: s, meters: ['*'], sinks: [k]}]\n"
     "sinks: [{name: k, publishers: ['gnocchi://']}]",
     "a pipeline.yaml, which says where samples go; what is polled stands in "
     "polling.yaml"),
    ("", "- [", "while parsing"),
    ("", "", "no list of definitions"),
    ("", "sources: []", "no list of definitions: a polling.yaml belongs "
     "behind --polling, a pipeline.yaml nowhere"),
    ("", "sinks: []", "a pipeline.yaml nowhere"),
    ("", "a: {}", "no list of definitions"),
    ("", "[]", "no list of definitions"),
    ("", "- {name: 2026-02-30}", "day is out of range"),
    ("", "- {unit: x}", "a definition without a name"),
    ("", "- x", "a definition without a name"),
)

RECORDS = (
    {"a": 7, "b": 2, "size": 5, "parts": [{"size": 3}, {"size": 4}],
     "of": {"k.l": 1.5}},
    {"a": 0, "b": -2.5, "size": "12", "parts": [], "of": {}},
    {"a": -9, "b": 4, "size": None, "parts": [{"size": 0}], "of": {"k": 3}},
    {"a": 1, "b": 3, "size": True, "parts": [{"size": 1}], "of": {"k": 0}},
    {"a": 1, "b": 3, "size": False, "parts": [{"size": 1}], "of": {"k": 0}},
)
# default() cannot tell a text that is no number from nothing at all.
TEXT = {"a": 1, "b": 3, "size": "high", "parts": [{"size": 1}], "of": {"k": 0}}
OPERATIONS = (
    "a", "size", "a | value * 1024", "a | value / 4 | value - 1",
    ". | value['a'] + value['b'] * 2", ". | (value['a'] + value['b']) * 2",
    ". | value['a'] - (value['b'] - 1)", ". | value['a'] / (value['b'] * 2)",
    ". | value['a'] - value['b'] - 1", "a | -1.5 * value",
    "a | value or 0", "size | value or 0", "size | float(value or 0)",
    ". | value['k'] if 'k' in value else 9",
    "of | value['k'] if 'k' in value else 9",
    "of | value['k'] * 2 if 'k' in value else -1",
    "of | value.get('k', 5)", ". | value.get('of', {}).get('k.l', 0)",
    "of | value['k.l'] if 'k.l' in value else 0",
    "parts | len(value)", "parts | len(value or [])",
    "of | value['k'] * value['k'] if 'k' in value else 0",
    ". | value['of']['k'] + 1 if 'k' in value['of'] else 0",
    "parts | len(value) * 2 + 1",
    "parts | sum(p['size'] for p in value)", "parts | value[0]['size']",
    "b | abs(value)", ". | max(value['a'], value['b'], 1)",
    ". | min(value['a'], abs(value['b'])) * 2", "a | int(value)",
    "size | float(value)", "size | float(value) * 2",
)


def run(*args, cwd=None):
    done = subprocess.run([PROGRAM, *args], cwd=cwd, capture_output=True,
                          text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def wanted(name, kind, got):
    path = os.path.join(DATA, name + kind)
    if "--write" in sys.argv:
        with open(path, "w", encoding="utf-8") as file:
            file.write(got)
    with open(path, encoding="utf-8") as file:
        return file.read()


def same_lines(got, want, name):
    is_(got.splitlines(), want.splitlines(), name)


def converts():
    for name, status, args in CASES:
        code, conf, said = run(*args.split(), cwd=DATA)
        is_(code, status, "%s: the exit status is %d" % (name, status))
        same_lines(conf, wanted(name, ".conf", conf),
                   name + ": the configuration is the wanted one")
        same_lines(said, wanted(name, ".said", said),
                   name + ": the operator is told what is wanted")
        is_([line for line in said.splitlines() if "# " + line not in
             map(str.strip, conf.splitlines())] if code != 2 else conf,
            [] if code != 2 else "",
            name + ": all that is told is a comment, too")


def takes_a_folder():
    with tempfile.TemporaryDirectory() as folder:
        code, conf, said = run(folder)
        is_(code, 2, "a folder without definitions is refused")
        like(said, r"no \*\.yaml in it", "and that is said")
        for name, meter in (("b.yaml", "m.b"), ("a.yaml", "m.a"),
                            ("c.yml", "m.c")):
            with open(os.path.join(folder, name), "w",
                      encoding="utf-8") as file:
                file.write("[{name: %s, sample_type: gauge, unit: u, "
                           "value_attribute: v, endpoint_type: e, "
                           "url_path: p, response_entries_key: k}]" % meter)
        code, conf, said = run(folder)
        is_(code, 0, "a folder with definitions is converted")
        is_(re.findall(r'^  <Meter "(.*)">', conf, re.M), ["m.a", "m.b"],
            "its *.yaml are read in the order of their names")


def refuses():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "input.yaml")
        for option, text, why in UNUSABLE:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            code, conf, said = run(*option.split(), path)
            is_((code, conf), (2, ""), "refused: %s %r" % (option, text))
            like(said, r"\A%s.*input\.yaml: .*(%s).*\n%s\Z" % (
                ("ceilometer2collectd: ", why, "") if option else
                ("", why, NOTHING)), "in one line, with: " + why)
        code, conf, said = run(os.path.join(folder, "none.yaml"))
        is_((code, conf), (2, ""), "a file that is not there is refused")
        like(said, "none.yaml: No such file", "and named")
    is_(run()[0], 2, "no arguments are refused")


def leaves_out_broken_files():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("a.yaml", "- ["), ("b.yaml", json.dumps(
                [definition()])), ("c.yaml", "sinks: []"),
                ("d.yaml", '- {name: "\\ud800"}'),
                ("e.yaml", "- {name: [}")):
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        code, conf, said = run(folder)
        is_(code, 1, "a broken file costs that file")
        like(conf, '(?s)\\A<Plugin openstack>\n  # .*<Meter "m.a">',
             "... the others are converted")
        is_(re.findall(r"(\w\.yaml): .*(the file|the definition) is left out",
                       said), [("a.yaml", "the file"), ("c.yaml", "the file"),
                               ("e.yaml", "the file"),
                               ("d.yaml", "the definition")],
            "... and each is told with its reason")
        is_([line for line in said.splitlines() if "# " + line not in
             map(str.strip, conf.splitlines())], [], "... in a comment, too")
        code, conf, said = run(*(os.path.join(folder, name) for name in (
            "b.yaml", "none.yaml")))
        is_((code, conf), (2, ""), "a file that is not there is refused")
        code, conf, said = run(os.path.join(folder, "a.yaml"),
                               os.path.join(folder, "c.yaml"))
        is_((code, conf), (2, ""), "where all are broken nothing is converted")
        is_((len(said.splitlines()), said.endswith(NOTHING)), (3, True),
            "... and each says why")
        with open(os.path.join(folder, "f.yaml"), "w") as file:
            file.write(SOURCE % (60, "[power.state, image]"))
        code, conf, said = run("--polling", os.path.join(folder, "f.yaml"),
                               os.path.join(folder, "a.yaml"))
        is_(code, 1, "beside a polling.yaml, too")
        like(conf, 'Meter "image"', "... whose meters are there")
        like(said, "power.state: of the compute agent: collectd's plugin virt",
             "power.state is virt's")
        with open(os.path.join(folder, "f.yaml"), "w") as file:
            file.write("sources: [{name: s, interval: 60, meters: [image], "
                       "sinks: [k]}]\nsinks: [{name: k}]")
        is_(run("--polling", os.path.join(folder, "f.yaml"))[0], 0,
            "a pipeline.yaml that polls, as before Pike, is converted")


def definition(**keys):
    return dict({"name": "m.a", "sample_type": "gauge", "unit": "u",
                 "value_attribute": "v", "endpoint_type": "e",
                 "url_path": "p", "response_entries_key": "k"}, **keys)


# What the plugin has no room for: a definition, what is said, and whether its
# meter is there all the same.
LIMITS = (
    ({"name": "n" * 51}, "name: a name has up to 50 of", False),
    ({"name": "n" * 50}, "", True),
    ({"name": "m\u00e9"}, "name: a name has up to 50 of", False),
    ({"value_attribute": ". | " + " + ".join(["value['a']"] * 33)},
     "value_attribute: an expression of over 64 steps", False),
    ({"value_attribute": ". | " + " + ".join(["value['a']"] * 32)}, "", True),
    ({"value_attribute": ". | " + "max(1, " * 31 + "value['a']" + ")" * 31},
     "value_attribute: nested too deep", False),
    ({"value_attribute": "a | " + "abs(" * 15 + "value" + ")" * 15}, "", True),
    ({"value_attribute": "a | " + "abs(" * 16 + "value" + ")" * 16},
     "value_attribute: nested too deep", False),
    ({"value_attribute": "a | value" + "['k']" * 3000},
     "value_attribute: nested too deep|value_attribute: no equivalent", False),
    ({"value_attribute": ".".join("abcdefghijk")},
     "value_attribute: a path of over 12 steps", False),
    ({"value_attribute": ".".join("abcdefghij")}, "", True),
    ({"response_entries_key": ".".join("abcdefghijklm")},
     "response_entries_key: a path of over 12 steps", False),
    ({"project_id_attribute": ".".join("abcdefghijk")},
     "project_id_attribute: a path of over 12 steps", True),
    ({"metadata_fields": ["f%d" % i for i in range(109)]},
     "value_attribute: more than 112 fields of one listing", False),
    ({"metadata_fields": ["f%d" % i for i in range(108)]}, "", True),
    ({"url_path": "a b"}, "url_path: a blank", False),
    ({"url_path": "a#b"}, "url_path: a blank", False),
    ({"url_path": "a/{tenant}"}, "url_path: a blank", False),
    ({"headers": {"h%d" % i: "v" for i in range(5)}},
     "headers: more than 4", False),
    ({"headers": {"X_Auth-Token": "v"}}, "headers: X_Auth-Token is no", False),
    ({"headers": {"a b": "v"}}, "headers: a b is no", False),
    ({"value_mapping": {"": 1, "a": 2}},
     "value_mapping: '' is empty or of over 63 bytes", True),
    ({"value_mapping": {"x" * 64: 1, "a": 2}},
     "value_mapping: 'x+' is empty or of over 63 bytes", True),
    ({"endpoint_type": "e" * 60}, "", True),
)


def keeps_to_limits():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "input.yaml")
        for keys, why, there in LIMITS:
            name = "%.60r" % keys
            with open(path, "w", encoding="utf-8") as file:
                json.dump([definition(**keys)], file)
            code, conf, said = run(path)
            is_(code, (1 if there else 2) if why else 0,
                name + ": the exit status")
            said = said if there else said.removesuffix(NOTHING)
            like(said, r"\A[^\n]*(%s)[^\n]*\n?\Z" % why if why else r"\A\Z",
                 "... said in one line")
            is_("<Meter " in conf, there, "... the meter")
            is_([n for n in re.findall('<[LM].* "(.*)">', conf)
                 if len(n) > 50], [], "... no name is too long")
        with open(path, "w", encoding="utf-8") as file:
            json.dump([definition(name="m.%d" % i, value_attribute="f%d" % i)
                       for i in range(124)], file)
        code, conf, said = run(path)
        is_(len(said.splitlines()), 15, "fields of meters add up to 112")
        for asked, taken in ("0.01", "0.1"), ("604801", "604800"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(SOURCE % (asked, "[image]"))
            code, conf, said = run("--polling", path)
            is_(code, 1, "an interval of %s is said" % asked)
            like(said, ": s: interval: %s is not from 0.1 to 604800: %s is "
                 "taken" % (re.escape(asked), re.escape(taken)), "... so")
            like(conf, r"\n *Interval %s\n" % re.escape(taken), "... and taken")
        with open(path, "w", encoding="utf-8") as file:
            file.write("[" * 20000 + "]" * 20000)
        code, conf, said = run(path)
        is_((code, conf), (2, ""), "YAML that is nested too deep is refused")
        like(said, r"\A.*nested too deep: the file is left out\n%s\Z" % NOTHING,
             "in one line")
    is_(run("--cloud", "n" * 65, "x")[0], 2, "a cloud's long name is refused")


def keeps_the_manual():
    with open(os.path.join(ROOT, "docs", "collectd-openstack-ceilometer.pod"),
              encoding="utf-8") as file:
        given, made = re.search(
            r"^So this definition\n\n(.*?)\nbecomes\n\n(.*?)\n\n", file.read(),
            re.M | re.S).groups()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "manual.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(given)
        conf = run(path)[1]
    same_lines("".join(re.findall(
        r"^  <(?:Listing|Meter) .*?^  </.*?\n", conf, re.M | re.S)), made,
        "the example in the manual is what comes of it")


def knows_the_meters(program):
    chapter = os.path.join(os.environ.get("top_builddir", "."), "docs/meters")
    if not os.path.exists(chapter):
        bail_out("no %s; build it, or set top_builddir" % chapter)
    rows = subprocess.run([chapter, "list"], capture_output=True, text=True,
                          check=True).stdout.splitlines()[1:]
    is_(program.METERS, [row.split("\t")[0] for row in rows],
        "it knows the plugin's meters, and no other")


# ---- operations: Python's own result, and that of what they become ----------

def ceilometers(text, record):
    """As Ceilometer evaluates them: a number, or None."""
    first, *rest = text.split("|")
    try:
        value = record
        for key in first.strip().split(".") if first.strip() != "." else ():
            value = value[key]
        for part in rest:
            value = eval(part.strip(), {"value": value})
        return float(value)
    except (TypeError, ValueError, LookupError):
        return None


def cells(record, path):
    """All values under a path of the plugin's."""
    found = [record]
    for quoted, each, plain in re.findall(
            r'"([^"]*)"|(\[\])|([^."\[\]]+)', path):
        if each:
            found = [v for part in found for v in part]
        else:
            found = [part[quoted or plain] for part in found
                     if (quoted or plain) in part]
    return found


def cell_number(found, strings_too):
    """The first value, as the plugin takes it."""
    value = found[0] if found else None
    if isinstance(value, str) and not strings_too:
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


FUNCTIONS = {"default": lambda a, b: b if math.isnan(a) else a,
             "floor": lambda a: a if math.isnan(a) else math.floor(a),
             "max": max, "min": min, "abs": abs, "nan": math.nan}
OF_FIELD = {"number": lambda found: cell_number(found, True),
            "sum": lambda found: float(sum(found)),
            "count": len}
NAME = r'(?:"[^"]*"|[^\W\d][\w:-]*)'


def plugins(text, record):
    """As the manual says that the plugin evaluates an expression."""
    text = re.sub(r"(number|sum|count)\(([^()]*)\)", lambda m: "(%r)" % (
        OF_FIELD[m[1]](cells(record, m[2]))), text)
    text = re.sub(r"(?<![\w.])%s(?:\[\]|\.%s)*(?![\w(.])" % (NAME, NAME),
                  lambda m: m[0] if m[0] == "nan" else "(%r)" % (
                      cell_number(cells(record, m[0]), False)), text)
    value = eval(text, dict(FUNCTIONS))
    return None if math.isnan(value) else value


def calculates_the_same(program):
    for text in OPERATIONS:
        expression = program.as_number(program.operate(text)).text
        wrong = []
        for record in RECORDS + (TEXT,) * ("default(" not in expression):
            want, got = ceilometers(text, record), plugins(expression, record)
            if got != want:
                wrong.append("%s: %s, not %s" % (record, got, want))
        ok(not wrong, "%s: the same number as in Ceilometer" % text,
           expression + "\n" + "\n".join(wrong))


if sys.version_info < (3, 10) or not importlib.util.find_spec("yaml"):
    skip_all("no python3-yaml, or a python3 older than 3.10")
converts()
takes_a_folder()
refuses()
leaves_out_broken_files()
keeps_to_limits()
keeps_the_manual()
ceilometer2collectd = importlib.machinery.SourceFileLoader(
    "ceilometer2collectd", PROGRAM).load_module()
knows_the_meters(ceilometer2collectd)
calculates_the_same(ceilometer2collectd)
done()
