#!/usr/bin/python3
"""How peers goes on with a file, gives up, and what report makes of it."""
import importlib.machinery
import importlib.util
import json
import os
import subprocess
import sys
import xml.dom.minidom

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "integration")]

from harness import done, is_, like, ok, scratch, unlike  # noqa: E402
from rounds import Rounds, Task  # noqa: E402


def load(name):
    loader = importlib.machinery.SourceFileLoader(
        name, os.path.join(HERE, name))
    spec = importlib.util.spec_from_loader(name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


peers, FOLDER = load("peers"), scratch()
RUN = {"machine": "m", "cores": 2, "load": 1.0, "date": "2026-01-02",
       "collectd": "5", "ceilometer": "19", "curl": "7", "yajl": "2",
       "arguments": "--rounds 2 images"}
ALONE = {"alone_cpu": 0.004, "alone_wall": 0.02, "alone_peak": 2048}
IMAGES = Task("images", 1000, 0)


class Options:
    rounds, patience = 2, 60


def one(who, cpu=1.0, task=IMAGES, **more):
    return dict({**task._asdict(), "who": who, "cpu": cpu, "wall": 2.0,
                 "peak": 10240, "samples": 900,
                 "load": 1.5, "requests": 3, "bytes": 1000000}, **more)


def to_do(path, **options):
    given = type("Given", (Options,), options)
    return [who for who, _ in peers.turns(Rounds(path), IMAGES, given)]


def goes_on():
    path = FOLDER + "/parts.json"
    every = [who for who, _ in peers.PEERS]
    is_(to_do(path), every * 2, "without a file all is to be done, in turns")
    file = Rounds(path)
    file.add(dict(RUN, **ALONE))
    for who in [*every, "plugin"]:
        file.add(one(who))
    is_(to_do(path), every[1:], "what the file has is not done again")
    is_(to_do(path, rounds=1), [], "nor is there anything left, with less")
    file.add(one("ceilometer", wall=60.1, ended=False))
    ok("ceilometer" not in to_do(path), "who gave up is not waited for again")
    ok("ceilometer" in to_do(path, patience=100), "unless for longer")
    is_(file.differs(RUN), None, "a run on the same machine may go on")
    is_(file.differs(dict(RUN, cores=8)), "cores", "on another it may not")


def gives_up():
    is_(peers.run_program(["echo", '{"a": 1}'], 10), {"a": 1},
        "what a program says of itself")
    try:
        peers.run_program(["sleep", "1000"], 0.3)
        ok(False, "a program that takes too long is not waited for")
    except peers.NotEnded as late:
        is_(late.took["ended"], False, "a program that takes too long")
        ok(0.3 <= late.took["wall"] < 100 and late.took["peak"] > 0,
           "what it took so far", late.took)
    with peers.started(["sleep", "1000"]) as process:
        pass
    is_(process.poll(), -9, "nothing outlives its round")


def tells_a_walk_that_failed():
    path = FOLDER + "/values"
    seen = {"lines": 0, "rest": b"", "walks": {"images"}, "failed": False}

    def come(text):
        with open(path, "ab") as file:
            file.write(text)
        with open(path, "rb") as file:
            file.seek(come.at)
            try:
                return peers.has_come(file, seen, 0)
            finally:
                come.at = file.tell()
    come.at = 0
    up = b"PUTVAL h/openstack-p:images/bool-up interval=1.000 1.5:%d\n"
    is_(come(b"PUTVAL h/openstack-x/gauge-image interval=1.000 1.5:2\n" +
             up[:30]), False, "a line that has not come to its end")
    is_(come(up[30:] % 1), True, "a walk that has worked is the end")
    is_(seen["lines"], 1, "and no value of the cloud's")
    is_(come(up % 0), False, "one that has failed is none")
    ok(seen["failed"], "but ends the run")


def report(lines):
    path, page = FOLDER + "/all.json", FOLDER + "/page.md"
    with open(path, "w") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    subprocess.run([HERE + "/report", path, page, FOLDER + "/page.svg"],
                   check=True)
    with open(page) as file:
        return file.read()


def makes_the_page():
    large = Task("images", 10000, 0)
    text = report([
        dict(RUN, **ALONE), one("plugin", 1.0), one("ceilometer", 5.0),
        one("plugin", 3.0, load=9.25), one("ceilometer", ended=False,
                                           wall=60.0),
        dict(RUN, date="2026-01-03", arguments="--sizes 2"),
        one("ceilometer", 1700.0, large, ended=False, wall=1800.4),
        one("plugin", 4.0, large, wall=1.0), one("plugin", 2.0)])
    like(text, r"(?m)^\| 1,000 \| this plugin \| 2.00 \|.* 1.00 \| 3 \| "
         r"1.5–9.2 \|$", "medians, and the load of the rounds")
    like(text, r"\| 1,000 \| ceilometer[^|]*\| 5.00 \|.*\| 2.50 \| "
         r"1; 1 not ended after 60 s \|", "a round was not ended, one was")
    like(text, r"\| 10,000 \| ceilometer[^|]*\| > 1,700 \| > 1,800 \| "
         r"> 10.0 \|( – \|){5} 0; 1 not ended after 1,800 s \|", "none was")
    like(text, r"(?s)10,000 \| this plugin .*10,000 \| ceilometer",
         "the order of rows is not that of a run in parts")
    like(text, r"\n    make bench-peers PEERS='--rounds 2 images'\n"
         r"    make bench-peers SIZES=2\n", "each run's command")
    like(text, r"2 cores, 2026-01-02 to 2026-01-03\.", "the days")
    like(text, r"(?m)^\| Images \| this plugin \| 2.00 \|", "how it grows")
    unlike(text, r"(?m)^\| Images \| ceilometer-agent-central \|",
           "not of a round that was not ended")
    like(text, r"(?m)^- Images, 10,000, of ceilometer-agent-central: memory "
         r"\(10.0 MiB to > 10.0 MiB\)$", "where it is not known to cost more")
    unlike(text, "## On the real services", "no section without its rounds")
    xml.dom.minidom.parse(FOLDER + "/page.svg")


def adds_the_real_services():
    real, every = Task("images", 1300, 0, True), Task("all", 5000, 0, True)
    text = report([
        dict(RUN, **ALONE), one("plugin"), one("ceilometer", 7.0),
        dict(RUN, real=True, services={"Glance": "25.1"}, arguments="--real"),
        one("plugin", 2.0, real, bytes=None), one("ceilometer", 8.0, real),
        one("plugin", 4.0, every), one("ceilometer", 8.0, every)])
    like(text, r"\n    make bench-peers-real\n", "how to make it again")
    simulated, section = text.split("## On the real services")
    unlike(simulated, "1,300", "it stands apart")
    like(section, r"These are\nGlance 25\.1\.\n", "which services")
    like(section, r"(?m)^\| 1,300 \| this plugin \| 2.00 \|.* 3 \| – \| 900 ",
         "nobody knows how many bytes")
    like(section, r"(?m)^\| 1,300 \| ceilometer-agent-central \| 8.00 .*"
         r" 4.00 \| 1 \| 1.5–1.5 \|$", "times ours")
    like(section, r"\n### All meters of both, in one cycle\n", "and all at once")
    like(section, r"(?m)^- Images, 1,300, of ceilometer-agent-central: time "
         r"\(2.00 s to 2.00 s\)", "where it is not ahead")


goes_on()
gives_up()
tells_a_walk_that_failed()
makes_the_page()
adds_the_real_services()
done()
