#!/usr/bin/python3
"""collectd-openstack: the same values as the plugin's, without a daemon."""

from harness import *

COMMAND = find("COMMAND", "src/collectd-openstack")


def command(*words, environment=None, folder=None):
    """(exit status, standard output, standard error), no secret in either."""
    done = subprocess.run(
        [COMMAND] + list(words), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
        env=dict(os.environ, **(environment or {})), timeout=60 * SLOW)
    for secret in SECRETS:
        if secret in done.stdout + done.stderr:
            ok(False, "no secret is shown", "found " + secret)
    return done.returncode, done.stdout, done.stderr


def values_of(text):
    """What PUTVAL lines tell, as csv prints it, without times."""
    found = set()
    for line in text.splitlines():
        host, name, value = re.match(
            r'PUTVAL "([^/]*)/openstack-([^"]*)" interval=[0-9.]+ [0-9.]+:(.*)',
            line).groups()
        instance_, type_ = name.rsplit("/", 1)
        found.add((host, instance_, *type_.split("-", 1), number(value)))
    return found


# What differs from one run to the next.
VARIES = re.compile(r"^(since_success|walk|sent|received)$|response_time|"
                    r"[._](age|days|seconds)\b")


def timeless(values):
    return {v for v in values if not VARIES.search(v[3])}


def of_daemon(daemon):
    return timeless((v.host, v.instance, v.type, v.meter, number(v.value))
                    for v in list(daemon.values) if v.plugin == "openstack")


METERS = ["image*", "volume.s*", "volume.backup*", "network.port.*",
          "network.router.*", "ip.floating*", "dns*"]
FORMATS = {"PluginInstanceFormat": "project_name name",
           "TypeInstanceFormat": "meter", "MetaData": "all"}
with Sim("--images", "250", "--volumes", "60") as sim:
    # One cycle of the daemon, which is over when all has come.
    daemon = Daemon(
        cloud("prod", sim, Interval=60, Meter=METERS),
        cloud("named", sim, Interval=60, Host="other",
              Meter=["image.size", "volume.size", "image.by_project"],
              **FORMATS))
    conf = daemon.path("collectd.conf")
    status, out, err = command("values", "-C", conf, "--putval")
    got = timeless(values_of(out))
    with daemon:
        daemon.wait(lambda: len(of_daemon(daemon)) >= len(got), 40)
    is_(of_daemon(daemon), got, "values are those that the plugin sends")
    ok(status == 0 and len(got) > 1000, "which are many", (len(got), err))
    wanted = got

    status, out, err = command("values", "-C", conf, "--cloud", "prod",
                               "--putval", "image.size")
    is_({v for v in values_of(out) if ":" not in v[1]},
        {v for v in wanted if v[3] == "image.size" and v[0] == "prod"},
        "a pattern and a cloud choose")
    status, out, err = command("values", "-C", conf, "--json", "image.size")
    listed = json.loads(out)
    ok(status == 0 and len(listed) > 250 and
       listed[0]["meta"]["project_id"] and listed[0]["interval"] == 60,
       "--json has meta data, too", listed[:2])
    status, out, err = command("values", "-C", conf, "image.size")
    ok(status == 0 and re.search(r"prod +\S+ +image.size +\d+ B$", out, re.M),
       "a table for people", out[:300])
    status, out, err = command("values", "-C", conf, "imgae.size")
    ok(status == 2 and 'no chosen meter is called "imgae.size"' in err,
       "a pattern that chooses nothing is told", err)

    home = scratch()
    os.makedirs(os.path.join(home, ".config/openstack"))
    with open(os.path.join(home, ".config/openstack/clouds.yaml"), "w") as file:
        file.write("clouds:\n  lab:\n    auth:\n      auth_url: %s\n"
                   "      username: collectd\n      password: %s\n"
                   "      project_name: service\n" % (sim.url, PASSWORD))
    at_home = {"HOME": home, "XDG_CONFIG_HOME": "",
               "OS_CLIENT_CONFIG_FILE": ""}
    status, out, err = command("values", "--os-cloud", "lab", "--putval",
                               "image.size", environment=at_home)
    is_({v[1:] for v in values_of(out) if ":" not in v[1]},
        {v[1:] for v in wanted if v[3] == "image.size" and v[0] == "prod"},
        "clouds.yaml alone is enough")
    sim.fault("/image/v2/images status 503")
    status, out, err = command("values", "-C", conf, "image.size")
    ok(status == 1 and "HTTP 503" in err, "a walk that fails is 1", err)

# ---- meters ------------------------------------------------------------------

rows = [line.split()[0] for line in subprocess.run(
    [find("METERS", "docs/meters"), "list"], stdout=subprocess.PIPE, text=True,
    check=True).stdout.splitlines()[1:]]
status, out, err = command("meters")
is_([line.split()[0] for line in out.splitlines()], rows, "all meters")
status, out, err = command("meters", "image.size", "--json")
is_([m["meter"] + " " + m["unit"] for m in json.loads(out)], ["image.size B"],
    "one, for machines")
status, out, err = command("meters", "imgae*")
ok(status == 2 and 'no meter is called "imgae*"' in err, "none", err)
with open("/dev/full", "w") as full:
    lost = subprocess.run([COMMAND, "meters"], stdout=full,
                          stderr=subprocess.PIPE, text=True)
ok(lost.returncode == 1 and "cannot be written" in lost.stderr,
   "a report that cannot be written is told", lost.stderr)

# ---- completion ----------------------------------------------------------------


def complete(*words):
    """What bash offers for the last word."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
              '_collectd_openstack; printf "%s\\n" "${COMPREPLY[@]}"')
    return subprocess.run(
        ["bash", "-c", script, "bash",
         os.path.join(ROOT, "contrib/completion/collectd-openstack"),
         COMMAND] + list(words), stdout=subprocess.PIPE, text=True,
        check=True).stdout.split()


is_(complete("va"), ["values"], "bash completes commands")
is_(complete("values", "--js"), ["--json"], "and options")
is_(complete("re"), ["record", "replay"], "of recordings, too")
is_(complete("values", "image.size.t"), ["image.size.total"], "and meters")

# ---- the command line, and files ----------------------------------------------


def config(text, name="collectd.conf", folder=None):
    path = os.path.join(folder or scratch(), name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


status, out, err = command("--help")
ok(status == 0 and len(out.splitlines()) <= 23 and
   max(map(len, out.splitlines())) <= 80 and command("help")[1] == out,
   "--help fits a screen", out)
status, out, err = command("frobnicate")
ok(status == 2 and "no such command: frobnicate" in err, "no such command", err)
status, out, err = command()
ok(status == 2 and "--help" in err, "no command", err)
status, out, err = command("values", "-C", "/nonexistent/collectd.conf")
ok(status == 2 and err.count("\n") == 1 and
   "/nonexistent/collectd.conf" in err, "no such file", err)

folder = scratch()
config("Interval 10\nLoadPlugin openstack\nInclude \"%s/conf.d\"\n" % folder,
       folder=folder)
config("<Plugin openstack>\n  <Cloud \"a\">\n    AuthURL \"http://127.0.0.1:1\"\n"
       "    Username \"u\"\n    Password \"p\"\n"
       "    ProjectName \"p\"\n  </Cloud>\n</Plugin>\n",
       "conf.d/10-a.conf", folder)
config("<Plugin openstack>\n  <Cloud \"a\">\n", "conf.d/.hidden", folder)
status, out, err = command("values", "-C", folder + "/collectd.conf",
                           "image.size")
ok(status == 1 and 'cloud "a"' in err and "127.0.0.1 port 1" in err,
   "included files are read, hidden ones are not", err)
status, out, err = command("values", "-C", config(
    "<AutoLoadPlugin>\n  X 1\n</AutoLoadPlugin>\n"))
ok(status == 2 and "no block <Plugin openstack>" in err,
   "an AutoLoadPlugin without a value is no end", err)
config("<Include \"%s/conf.d\">\n  Filter \"*.cnf\"\n</Include>\n" % folder,
       "filter.conf", folder)
status, out, err = command("values", "-C", folder + "/filter.conf")
ok(status == 2 and "no block <Plugin openstack>" in err, "Filter", err)
loop = config("Include \"%s/loop.conf\"\n" % folder, "loop.conf", folder)
status, out, err = command("values", "-C", loop)
ok(status == 2 and "more than 8 deep" in err, "files that include themselves",
   err)
done()
