#!/usr/bin/python3
"""collectd-openstack record and replay: the same values, and no secret."""

import random
import stat

from harness import *

COMMAND = find("COMMAND", "src/collectd-openstack")
CREDENTIAL = {"Username": None, "Password": None, "ProjectName": None,
              "ApplicationCredentialID": "ac-id",
              "ApplicationCredentialSecret": "ac-secret"}


def command(*words, environment=None):
    """(exit status, standard output, standard error), no secret in either."""
    done = subprocess.run(
        [COMMAND, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, timeout=120 * SLOW,
        env=dict(os.environ, **(environment or {})))
    for secret in SECRETS:
        if secret in done.stdout + done.stderr:
            ok(False, "no secret is shown", "found " + secret)
    return done.returncode, done.stdout, done.stderr


def record(*clouds, words=(), ahead=""):
    """The folder, and what the command said."""
    folder = scratch()
    conf = os.path.join(folder, "collectd.conf")
    with open(conf, "w") as file:
        file.write(ahead + plugin(*clouds) + "\n")
    made = os.path.join(folder, "recording")
    return (made, *command("record", made, "-C", conf, "--putval", *words))


# No network, no configuration, and nobody's home.
ALONE = {"HOME": "/nonexistent", "http_proxy": "http://127.0.0.1:1",
         "no_proxy": "", "OS_CLIENT_CONFIG_FILE": "", "XDG_CONFIG_HOME": ""}


def replay(folder, *words):
    return command("replay", folder, "--putval", *words, environment=ALONE)


def text_of(folder):
    """All that a recording holds."""
    found = ""
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), errors="replace") as file:
            found += file.read()
    return found


def exchanges(folder):
    with open(os.path.join(folder, "index.json")) as file:
        listed = json.load(file)["exchanges"]
    found = []
    for entry in listed:
        with open(os.path.join(folder, entry["file"])) as file:
            found.append((entry["file"], json.load(file)))
    return found


def numbers(text):
    """What PUTVAL lines tell beside names: how often each number of a meter."""
    return collections.Counter(
        re.search(r'/([^/"]*)" interval=([0-9.]+) ([0-9.]+):(.*)', line).groups()
        for line in text.splitlines())


RGW = {"RadosGWServiceType": "radosgw", "RadosGWAccessKey": "rgw-access",
       "RadosGWSecretKey": "rgw-secret"}
ALL = {"Interval": 300, "Meter": "*", "Metadata": "all", "MaxRequestRate": 0}
with Sim("--images", "1300", "--volumes", "60") as sim:
    made, status, wanted, said = record(cloud("prod", sim, **ALL))
    hidden = record(cloud("prod", sim, **ALL, **RGW), words=["--anonymous"])
    names = command("values", "-C", os.path.join(os.path.dirname(made),
                                                 "collectd.conf"), "--json")[1]
    filtered = record(cloud("prod", sim, Project=["!a*", "*e*"], **dict(
        ALL, Meter=["volume*", "image*"])), words=["--anonymous"])
    two = record(cloud("a", sim, Interval=300),
                 cloud("b", sim, Interval=300, Meter="volume.size"))
    MINE = (block("Listing", "mine", {
        "Service": "image", "Path": "/v2/images?api_key=ac-secret&limit=1000",
        "Record": "images[]", "Paging": "none", "ID": "id",
        "Header": ["Authorization: Basic psk-secret", "X-Many: a, b",
                   "X-My-Meta-Name: c"]}),
        block("Meter", "my.size", {"Listing": "mine", "Value": "size",
                                   "Type": "gauge"}),
        cloud("prod", sim, Interval=300, Meter="my.size"))
    own = record(*MINE)
    own_hidden = record(*MINE, words=["--anonymous"])
    often = record(cloud("prod", sim, Meter="volume.size", Interval=None),
                   ahead="Interval 60\n<LoadPlugin openstack>\n  Interval 10\n"
                   "</LoadPlugin>\n")
    words = record(cloud("prod", sim, 'PluginInstanceFormat "domain_name" '
                         '"project_name" "user" "name"', Interval=300,
                         Meter="volume.size"))
    secret = os.path.join(scratch(), "password")
    with open(secret, "w") as file:
        file.write(PASSWORD + "\n")
    os.chmod(secret, 0o600)
    others = [record(cloud("prod", sim, Interval=300, **keys)) for keys in (
        CREDENTIAL, {"Password": None, "PasswordFile": secret},
        {"Username": None, "Password": None, "ProjectName": None,
         "Token": "ready-made-token"})]

# ---- the same values, without a cloud ------------------------------------------

ok(status == 0 and wanted.count("\n") > 3000, "a cycle is recorded", said)
status, got, told = replay(made)
ok(status == 0 and got == wanted, "and played: the same values, byte for byte",
   lambda: differ(set(got.splitlines()), set(wanted.splitlines())))
is_(told, said, "with the same words")
is_(replay(made)[1], wanted, "again and again")
for row in ("response_time", r"[._](age|days|seconds)\b", "/duration-walk|walk",
            "since_success"):
    like(wanted, row, "among them are those of time: " + row)
ok(all(status == 0 and replay(folder)[:2] == (0, out)
       for folder, status, out, _ in others),
   "whatever it logs in with", [o[3] for o in others])
folder, status, out, err = two
is_(replay(folder)[1], out, "two clouds")
is_(replay(folder, "--cloud", "b")[1],
    "".join(line + "\n" for line in out.splitlines() if '"b/' in line),
    "or one of them")

is_(replay(words[0])[1], words[2], "a format of four words")
ok("my.size" in own[2] and replay(own[0])[:2] == (own[1], own[2]),
   "a listing of one's own, with a secret in its path", own[3])
ok(own_hidden[2] and numbers(replay(own_hidden[0])[1]) ==
   numbers(own_hidden[2]), "which may be anonymous", own_hidden[3])
ok("interval=10.000 " in often[2] and replay(often[0])[:2] == (often[1], often[2]),
   "an interval of the plugin's that is collectd's own default", often[3])

# ---- secrets, and whose the files are --------------------------------------------

every = [made, hidden[0], filtered[0], two[0], own[0]] + [o[0] for o in others]
for secret in SECRETS:
    ok(not any(secret in text_of(folder) for folder in every),
       "no recording holds " + secret)
modes = {stat.S_IMODE(os.stat(os.path.join(made, name)).st_mode)
         for name in os.listdir(made)}
is_((stat.S_IMODE(os.stat(made).st_mode), modes), (0o700, {0o600}),
    "only the owner reads them")
conf = os.path.join(os.path.dirname(made), "collectd.conf")
status, out, err = command("record", made, "-C", conf)
ok(status == 2 and "is not empty" in err, "a folder with files is refused", err)
found = exchanges(made)
ok(all(e["method"] and e["url"] and e["status"] and "headers" in e
       for _, e in found), "the files are JSON", found[:1])

# ---- other names -------------------------------------------------------------------

folder, status, out, err = hidden
status, got, told = replay(folder)
is_(numbers(got), numbers(out), "--anonymous: the same numbers")
text = text_of(folder)
named = set()
for value in json.loads(names):
    named.update(value["meta"].get(key, "") for key in (
        "name", "project_id", "project_name", "user_id", "user_name",
        "domain_name"))
    if re.match(r"^[0-9a-f-]{32,36}$", value["plugin_instance"]):
        named.add(value["plugin_instance"])
# (Words of the APIs that are names as well tell nothing.)
named = {word for word in named if len(word) > 2} - {"Default", "reader", "servers"}
kept = {word for word in named if ': "%s"' % word in text or (
    len(word) > 8 and word in text)} - {"collectd"}
ok(len(named) > 1000 and not kept, "and none of the names and ids",
   (len(named), sorted(kept)[:10]))
ok("127.0.0.1" not in text and "collectd" not in re.sub(
    r"collectd-openstack|collectd\.conf", "", text),
   "nor the address of the cloud, nor the user's name")
folder, status, out, err = filtered
is_(numbers(replay(folder)[1]), numbers(out),
    "patterns of projects choose the same ones")
ok(out and numbers(out) != numbers(wanted), "which are some", err)

# ---- what goes wrong goes wrong again -----------------------------------------------

FAULTS = {
    "a page that fails once": "/image/v2/images status 503 after=1 times=1",
    "a page that fails": "/image/v2/images status 500 after=1",
    "a token that is refused": "/image/v2/images status 401 times=1",
    "an answer that is cut off": "/image/v2/images cut 3000",
    "a pause that is asked for":
        "/image/v2/images retry-after 1 times=1",
    "a hang up": "/image/v2/images empty-reply",
    "links that lead in a circle": "/image/v2/images link-loop",
    "a page that is no JSON": "/image/v2/images bad-json",
    "a checksum that is wrong": "/image/v2/images bad-checksum",
    "a header that is too long": "/image/v2/images huge-header 100000",
    "a redirect": "/image/v2/images redirect http://elsewhere.invalid",
    "a page without records": "/image/v2/images no-records",
    "an answer of a proxy": "/image/v2/images proxy-status 403",
    "numbers that are none": "/image/v2/images field size=NaN",
}
with Sim("--images", "1300", "--volumes", "20") as sim:
    def plays(name, sim, **keys):
        folder, status, out, err = record(cloud("prod", sim, **dict(
            {"Interval": 300, "Meter": ["image*", "volume.size"]}, **keys)))
        is_(replay(folder), (status, out, err), name)
        return status, err

    for name, fault in FAULTS.items():
        sim.fault(fault)
        plays(name, sim)
    for fault in ("cut 3000", "bad-json", "deep 1000"):
        sim.fault("/image/v2/images " + fault)
        folder, status, out, err = record(cloud(
            "prod", sim, Interval=300, Meter=["image*", "volume.size"]),
            words=["--anonymous"])
        got = replay(folder)
        is_((got[0], numbers(got[1])), (status, numbers(out)),
            "--anonymous: the same numbers before %s" % fault)
    sim.fault("/image/v2/images hang")
    status, err = plays("no answer in time", sim, Timeout=300)
    ok(status == 1 and "imed out" in err, "which is told", err)
    status, err = plays("no answer before the deadline", sim, Interval=2)
    ok(status == 1 and "deadline" in err, "as well", err)
    sim.fault()
    with Sim("--gzip", "--cinder-max-microversion", "3.20",
             "--nova-max-microversion", "2.40") as old:
        plays("old services, and answers that are packed", old,
              Meter=["volume*", "image*", "compute*"])
    made, status, wanted, _ = record(
        cloud("prod", sim, Interval=300, Meter=["image*", "volume.size",
                                                "ip.floating"]))

# ---- recordings that are not whole ----------------------------------------------------


def copy():
    folder = os.path.join(scratch(), "copy")
    shutil.copytree(made, folder)
    return folder


def file_of(folder, part):
    return next(os.path.join(folder, name) for name, e in exchanges(folder)
                if part in e["url"])


def of_values(text):
    """Those of meters, without their times, which a walk that fails moves."""
    return {re.sub(r" [0-9.]+:", " ", line) for line in text.splitlines()
            if ":" not in line.split('"')[1].split("/")[1]}


folder = copy()
os.unlink(file_of(folder, "/volumes/detail"))
status, out, err = replay(folder)
ok(status == 1 and "cannot be read" in err and "was not recorded" in err,
   "a file that is missing fails its walk", err)
is_(of_values(out), {v for v in of_values(wanted) if "volume.size" not in v},
    "and no other")
folder = copy()
with open(file_of(folder, "/volumes/detail"), "r+") as file:
    file.truncate(os.path.getsize(file.name) // 2)
status, out, err = replay(folder)
ok(status == 1 and "no whole JSON" in err, "so does one that is cut", err)
folder = copy()
with open(os.path.join(folder, "collectd.conf"), "r+") as file:
    text = file.read().replace('Meter "ip.floating"',
                               'Meter "ip.floating"\n Meter "network.port.total"')
    file.seek(0)
    file.write(text)
status, out, err = replay(folder)
ok(status == 1 and re.search(r"GET http\S+/ports\S* was not recorded", err) and
   of_values(out) == of_values(wanted), "a request that was not recorded", err)
folder = copy()
with open(os.path.join(folder, "index.json"), "r+") as file:
    text = file.read().replace("000002.json", "../../etc/passwd")
    file.seek(0)
    file.write(text)
status, out, err = replay(folder)
ok(status == 2 and "a name of another kind" in err,
   "no file outside the folder is read", err)
folder = copy()
with open(os.path.join(folder, "index.json"), "r+") as file:
    text = file.read().replace("000002.json", "000001.json")
    file.seek(0)
    file.write(text)
status, out, err = replay(folder)
ok(status == 2 and "not listed in their order, each once" in err,
   "no file is read twice", err)

folder = copy()
one = file_of(folder, "/volumes/detail")
os.rename(one, folder + ".elsewhere")
os.symlink(folder + ".elsewhere", one)
status, out, err = replay(folder)
ok(status == 1 and os.path.basename(one) + " is a link" in err,
   "nor one that a link leads to", err)

mine = os.path.join(scratch(), "mine")
with open(mine, "w") as file:
    file.write("clouds: {prod: {auth: {auth_url: http://127.0.0.1:1}}}\n")
for line, said in (
        ('CACert "%s"' % mine, "CACert .*names no file"),
        ('PasswordFile "%s"' % mine, "PasswordFile .*names no file"),
        ('ConfigFile "%s"' % mine, "ConfigFile .*names no file"),
        ('OSCloud "prod"', "reads no clouds.yaml"),
        ('<Share>\n Endpoint "https://127.0.0.1:1"\n ClientKey "%s"\n</Share>' %
         mine, "ClientKey .*names no file")):
    folder = copy()
    path = os.path.join(folder, "collectd.conf")
    with open(path) as file:
        text = file.read()
    if line.startswith("OSCloud"):
        text = re.sub(r".*AuthURL.*\n", "", text)
    with open(path, "w") as file:
        file.write(text.replace("</Cloud>", line + "\n</Cloud>"))
    status, out, err = command("replay", folder, environment=dict(
        ALONE, OS_CLIENT_CONFIG_FILE=mine))
    ok(status == 2 and re.search(said, err) and not out,
       "a recording reads no file of ours: " + line.split()[0], err)
status, out, err = replay(os.path.join(scratch(), "none"))
ok(status == 2 and "no whole recording" in err, "no such folder", err)

chance = random.Random(4711)
codes = []
for turn in range(15):
    folder = copy()
    name = chance.choice(sorted(os.listdir(folder)))
    with open(os.path.join(folder, name), "r+b") as file:
        data = bytearray(file.read())
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] = chance.choice(
                (0, 10, 34, 44, 57, 91, 93, 123, 125, 255))
        file.seek(0)
        file.write(data)
    ended = subprocess.run([COMMAND, "replay", folder], timeout=120 * SLOW,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    codes.append((turn, name, ended.returncode, ended.stderr[-300:]))
    shutil.rmtree(folder)
ok(all(code in (0, 1, 2) and b"Sanitizer" not in said
       for _, _, code, said in codes), "bytes that are damaged never crash it",
   [c for c in codes if c[2] not in (0, 1, 2)])
done()
