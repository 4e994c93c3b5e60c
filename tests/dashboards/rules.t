#!/usr/bin/env python3
"""The rules of contrib/prometheus, by promtool: each alert fires for what it is
made for and not for what is like it, and each name of openstack-exporter comes."""
import glob
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests/integration"))

from harness import done, is_, ok, scratch, skip_all

if shutil.which("promtool") is None:
    skip_all("no promtool (package prometheus)")


def promtool(*arguments):
    """(good, what it says)"""
    made = subprocess.run(["promtool", *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    return made.returncode == 0, made.stdout.decode()


def slurp(path):
    with open(path) as file:
        return file.read()


RULES = sorted(glob.glob(TOP + "/contrib/prometheus/*.rules.yml"))
for path in RULES:
    good, said = promtool("check", "rules", path)
    ok(good, "%s is right" % os.path.basename(path), said)
for path in sorted(glob.glob(HERE + "/*.test.yml")):
    good, said = promtool("test", "rules", path)
    ok(good, "%s holds" % os.path.basename(path), said)

alerts = re.findall(r"- alert: (\w+)", slurp(RULES[0]))
names = set(re.findall(r"- record: (openstack_\w+)", slurp(RULES[1])))
tested = slurp(HERE + "/alerts.test.yml")
is_(set(re.findall(r'labels: .\{alertname="(\w+)"', tested)), set(alerts),
    "each of %d alerts fires in a case" % len(alerts))
is_(set(re.findall(r"\b(openstack_\w+)", slurp(HERE + "/names.test.yml"))) - {
    "openstack_exporter"}, names, "each of %d names is tested" % len(names))

# Would the cases see a rule that never fires, or always does?
folder = scratch()
os.makedirs(folder + "/contrib/prometheus")
os.makedirs(folder + "/tests/dashboards")
shutil.copy(HERE + "/alerts.test.yml", folder + "/tests/dashboards")
text = slurp(RULES[0])
blind = []
for alert in alerts:
    for expression in ("vector(1) > 2", 'label_replace(vector(1), "openstack",'
                       ' "any", "", "")'):
        changed = re.sub(
            r"(- alert: %s\n(?: *#.*\n)*        expr:)[^\n]*\n(?:          .*\n)*"
            % alert, lambda found: "%s %s\n" % (found.group(1), expression), text)
        with open(folder + "/contrib/prometheus/alerts.rules.yml", "w") as file:
            file.write(changed)
        if changed == text or promtool(
                "test", "rules", folder + "/tests/dashboards/alerts.test.yml")[0]:
            blind.append((alert, expression))
is_(blind, [], "a rule that never fires is seen, and one that always does")
done()
