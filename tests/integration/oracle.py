"""What must come of an API's records by the plugin's rows, by other code.

The records are asked of cloudsim as an administrator's own requests. A row's
fields, expressions, states and conditions are read here a second time, record
by record, and with whole lists in memory. (Whether a row is right about its
service is for tests/realcloud.)
"""

import calendar
import collections
import json
import math
import re
import time

from harness import instance, number

# What a path leads through: a name, a quoted one, each element, each member.
STEP = re.compile(r'"([^"]*)"|(\[\])|(\*)|([^."\[\]]+)|\.')
TOKEN = re.compile(r'\s*(?:([-+*/]) |([(),])|((?:"[^"]*"|[^\s,()"])+))')
# An element of an answer: its key if it is a member, and what is around it.
Found = collections.namedtuple("Found", "value key outer")


def steps(path):
    for quoted, each, member, name in STEP.findall(path):
        if quoted or each or member or name:
            yield quoted or each or member or name


def walk(found, path):
    """All that a path leads to."""
    all_found = [found]
    for step in steps(path):
        inner = []
        for f in all_found:
            if step == "[]" and isinstance(f.value, list):
                inner += [Found(v, None, f.outer) for v in f.value]
            elif step == "*" and isinstance(f.value, dict):
                inner += [Found(v, k, f.outer) for k, v in f.value.items()]
            elif isinstance(f.value, dict) and step in f.value:
                inner.append(Found(f.value[step], step, f.outer))
        all_found = inner
    return all_found


def records_of(answer, path, scalars=False):
    """The records of an answer; those within others know what is around."""
    *outer, last = re.split(r"(?<=\[\])\.", path)
    found = [Found(answer, None, None)]
    for part in outer:
        found = [f._replace(outer=f) for o in found for f in walk(o, part)]
    found = [r for f in found for r in walk(f, last)]
    if path.endswith("*") and not scalars:
        found = [f for f in found if isinstance(f.value, dict)]
    return found


MISSING = object()


def field(found, path):
    """The first thing that a field's path leads to."""
    if path == "@key":
        return found.key
    if path == "@value":
        return found.value
    if path.startswith("^."):
        return field(found.outer, path[2:]) if found.outer else MISSING
    for f in walk(found, path):
        return f.value
    return MISSING


def text(value):
    """As it is looked up, or stands in an id; None: there is none."""
    if value is MISSING or value is None or isinstance(value, (dict, list)):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


# ---- expressions ------------------------------------------------------------

def seconds(value):
    """Since 1970, of a time as the services write it: in UTC."""
    if not isinstance(value, str):
        return math.nan
    whole = re.match(r"(\d+-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?", value)
    at = time.strptime(" ".join(whole.groups()[:2]), "%Y-%m-%d %H:%M:%S")
    return calendar.timegm(at) + float(whole.group(3) or 0)


class Expression:
    """One expression about one record, worked out while it is read."""

    def __init__(self, source, found, now):
        self.tokens = [t for t in TOKEN.findall(source)]
        self.found, self.now = found, now

    def next(self):
        return self.tokens[0] if self.tokens else ("", "", "")

    def take(self):
        return self.tokens.pop(0)

    def sum(self):
        value = self.product()
        while self.next()[0] in ("+", "-"):
            sign = 1 if self.take()[0] == "+" else -1
            value += sign * self.product()
        return value

    def product(self):
        value = self.operand()
        while self.next()[0] in ("*", "/"):
            divide = self.take()[0] == "/"
            other = self.operand()
            if divide:
                value = value / other if other else math.nan
            else:
                value *= other
        return value

    def operand(self):
        _, bracket, word = self.take()
        if bracket == "(":
            value = self.sum()
            self.take()
            return value
        if self.next()[1] == "(" and hasattr(self, "do_" + word):
            return self.call(word)
        try:
            return float(word)
        except ValueError:
            return self.value(word)

    def call(self, name):
        values, bracket = [], self.take()
        plain = name in ("has", "time", "age", "number", "sum", "count")
        while bracket[1] != ")":
            values.append(self.take()[2] if plain else self.sum())
            bracket = self.take()
        return float(getattr(self, "do_" + name)(*values))

    def value(self, path):
        value = field(self.found, path)
        return float(value) if isinstance(value, (bool, int, float)) \
            else math.nan

    def do_if(self, condition, then, otherwise):
        if math.isnan(condition):
            return math.nan
        return then if condition else otherwise

    def do_default(self, value, otherwise):
        return otherwise if math.isnan(value) else value

    def do_min(self, *values):
        return math.nan if any(map(math.isnan, values)) else min(values)

    def do_max(self, *values):
        return math.nan if any(map(math.isnan, values)) else max(values)

    def do_floor(self, value):
        return value if math.isnan(value) else math.floor(value)

    def do_ceil(self, value):
        return value if math.isnan(value) else math.ceil(value)

    def do_abs(self, value):
        return abs(value)

    def do_has(self, path):
        return field(self.found, path) not in (MISSING, None, "")

    def do_number(self, path):
        try:
            return float(field(self.found, path))
        except (TypeError, ValueError):
            return math.nan

    def do_time(self, path):
        return seconds(field(self.found, path))

    def do_age(self, path):
        return self.now - seconds(field(self.found, path))

    def do_count(self, path):
        values = walk(self.found, path)
        return len(values) if values or field(
            self.found, path.split("[")[0]) is not MISSING else math.nan

    def do_sum(self, path):
        return math.fsum(f.value for f in walk(self.found, path))


# ---- rows -------------------------------------------------------------------

def meets(row, found):
    """Is the record one of the meter's, by its condition?"""
    if row.when is None:
        return True
    value = field(found, row.when)
    if value is MISSING:
        return False
    word = (text(value) or "").lower()
    if row.texts is None:
        return isinstance(value, (dict, list)) or word != ""
    return (word in row.texts.split("|")) != (row.others is not None)


def filled(pattern, found, project):
    """A field, a text in single quotes, or one with fields in braces; None if
    one has nothing."""
    if len(pattern) > 2 and pattern[0] == pattern[-1] == "'":
        return pattern[1:-1]
    if "{" not in pattern:
        return text(field(found, pattern))
    parts = []
    for literal, name in re.findall(r"([^{]*)(?:\{([^}]*)\})?", pattern):
        value = project if name in ("@project", "@owner") else \
            text(field(found, name)) if name else ""
        if value is None or (name and value == ""):
            return None
        parts += [literal, value]
    return "".join(parts)


def owners_of(row):
    """The listing of a row's owners, as a row; it may have no meter."""
    return row._replace(
        listing=row.owners, path=row.owners_path, record=row.owners_record,
        paging=row.owners_paging, id=row.owners_id, project=row.owners_project,
        of="record", value=None, scope="cloud", owners=None, owner=None,
        counts=None)


class Api:
    """What the APIs list, and what the rows must make of it."""

    def __init__(self, sim, rows, path_of):
        self.sim, self.rows, self.path_of = sim, rows, path_of
        self.projects = [p["id"] for p in sim.records(
            "/identity/v3/projects", "projects")]
        self.answers = {}

    def answer(self, row, asked):
        path = self.path_of(row)
        if path.count("*") > (row.scope != "cloud"):
            path = path.replace("*", self.projects[0], 1) # the token's own
        path = path.replace("*", asked)
        path += "".join(row.path.partition("?")[1:])
        path = path.replace("{project}", asked)
        if (path, row.version) not in self.answers:
            headers = dict([row.version.split(": ")] if row.version else [])
            headers.update({"X-Auth-Token": "ready-made-token",
                            "X-Auth-All-Projects": "true"})
            status, _, body = self.sim.request("GET", path, headers=headers)
            self.answers[path, row.version] = \
                json.loads(body) if status == 200 else None
        return self.answers[path, row.version]

    def records(self, row):
        """[(record, the id of the project or owner asked for)]"""
        asked = self.projects if row.scope == "project" else self.projects[:1]
        if row.scope == "owner":
            asked = self.owners(row)
        if row.of == "answer":
            return [(Found(self.answer(row, id_), None, None), id_)
                    for id_ in asked]
        return [(found, id_) for id_ in asked
                for found in records_of(self.answer(row, id_), row.record,
                                        "@value" in (row.value or ""))]

    def owners(self, row):
        """Whom a listing by owner asks for: the ids of another's records."""
        owners = owners_of(row)
        return [filled(owners.id, found, asked)
                for found, asked in self.records(owners)]

    def counts(self, row):
        """How many the API lists, whatever is a record of ours: to each whom
        a listing asks for."""
        asked = self.owners(row) if row.scope == "owner" else self.projects[:1]
        path = re.match(r"[^\[]*\[\]|.*", row.record).group()
        return [len(walk(Found(self.answer(row, id_), None, None), path))
                for id_ in asked]

    def project(self, row, found, asked):
        if row.owner is not None:
            owners = owners_of(row)
            return next(field(o, owners.project)
                        for o, _ in self.records(owners)
                        if field(o, "id") == field(found, row.owner))
        return text(field(found, row.project)) if row.project else asked

    def group(self, row, found, project):
        if row.group is None:
            return "total"
        if row.group == "project":
            return project or None
        return filled(row.group, found, project) or None

    def numbers(self, row, now):
        """[(id, group, number)]: of an id the worst state, or the first."""
        states = None if row.states is None else [
            pair.rsplit("=", 1) for pair in row.states.split("|")]
        met = {}
        for found, asked in self.records(row):
            name = filled(row.id, found, asked)
            if row.of == "answer":
                name = asked if row.scope == "project" else "total"
            if name is None or not meets(row, found):
                continue
            rank, value = 0, 1.0
            if states is not None:
                word = field(found, row.value)
                if word is MISSING:
                    continue
                known = [t for t, _ in states[:-1]]
                word = (text(word) or "").lower()
                rank = known.index(word) if word in known else len(known)
                value = float(states[rank][1])
            elif row.value is not None:
                value = Expression(row.value, found, now).sum()
            if name in met and (states is None or met[name][0] >= rank):
                continue
            if math.isnan(value) or number(value) in (row.skip or "").split():
                continue
            group = self.group(row, found, self.project(row, found, asked))
            met[name] = rank, group, value
        return [(name, group, value)
                for name, (_, group, value) in met.items()]

    def values(self, row, now=0):
        """{(plugin instance, meter, value)} of a row that is of records."""
        found = self.numbers(row, now)
        if row.total is None:
            return {(instance(name.encode()), row.name, number(value))
                    for name, _, value in found}
        groups = {name: [] for name in (row.groups or "").split("|") if name}
        if row.group is None:
            groups["total"] = []
        for _, group, value in found:
            if group is not None:
                groups.setdefault(group, []).append(value)
        return {(instance(group.encode()), row.name,
                 number(math.fsum(values)))
                for group, values in groups.items()}
