"""The file that peers writes and report reads: a line of JSON for each run of
peers, which says where and when, and one for each round, which has "who".

A round that was not ended in the time given has "ended": false, and what it
took until then. Whoever gave up so is not waited for again, unless longer. What is
of the real services has "real": true.
"""
import collections
import json
import os

SAME = ("machine", "cores", "collectd", "ceilometer", "curl", "yajl")
Task = collections.namedtuple("Task", "kind size latency real",
                              defaults=(False,))


def task_of(line):
    return Task(line["kind"], line["size"], line["latency"],
                line.get("real", False))


class Rounds:
    def __init__(self, path):
        self.path = path
        self.runs, self.rounds = [], []
        if os.path.exists(path):
            with open(path) as file:
                for line in file:
                    self._take(json.loads(line))

    def _take(self, line):
        (self.rounds if "who" in line else self.runs).append(line)

    def add(self, line):
        """At once in the file: a run that is interrupted loses one round."""
        with open(self.path, "a") as file:
            file.write(json.dumps(line) + "\n")
        self._take(line)

    def differs(self, run):
        """In what a run is not like those before; None: it is like them."""
        return next((key for before in self.runs for key in SAME
                     if before[key] != run[key]), None)

    def _of(self, task, who, ended):
        return [line for line in self.rounds
                if (task_of(line), line["who"]) == (task, who) and
                line.get("ended", True) == ended]

    def ended(self, task, who):
        return len(self._of(task, who, True))

    def given_up(self, task, who, patience):
        return any(line["wall"] >= patience
                   for line in self._of(task, who, False))
