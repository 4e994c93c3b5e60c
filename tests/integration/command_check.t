#!/usr/bin/python3
"""collectd-openstack check: what works, what it costs, and why not."""

import email.utils
import http.server

from harness import *

COMMAND = find("COMMAND", "src/collectd-openstack")


def check(*clouds, config=None, words=(), environment=None):
    """(exit status, standard output and standard error), no secret in it."""
    folder = scratch()
    path = os.path.join(folder, "collectd.conf")
    with open(path, "w") as file:
        file.write((plugin(*clouds) if config is None else config) + "\n")
    done = subprocess.run(
        [COMMAND, "check", "-C", path] + list(words), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=dict(os.environ, **(environment or {})), timeout=60 * SLOW)
    for secret in SECRETS:
        if secret in done.stdout:
            ok(False, "no secret is shown", "found " + secret)
    return done.returncode, done.stdout


def rows(text):
    return {line.split()[1]: line.split()[0] for line in text.splitlines()
            if re.match(r"  (works|empty|refused|absent|broken) ", line)}


METERS = ["image*", "volume.size", "network.agent.*", "volume.quota.*"]
KEYS = {"Interval": 300, "Meter": METERS}
with Sim("--images", "2500", "--volumes", "60") as sim:
    status, out = check(cloud("prod", sim, **KEYS))
    ok(status == 0 and set(rows(out).values()) == {"works"} and
       re.search(r"login works: service .*roles .*admin.*regions", out),
       "all works", out)
    ok("images" in rows(out) and "1000 records on the first page, and more" in
       out, "of a long listing it asks for the first page", out)
    out = check(cloud("prod", sim, Interval=300, Meter=[
        "compute.server.total", "compute.server.by_status"]))[1]
    ok("40 records on the first page, and perhaps more" in out and
       "every 300 s: at least 2 requests, 21 series, " in out,
       "a page behind a short one may be empty, and is not counted as full", out)
    status, out = check(cloud("prod", sim, **KEYS))
    ok(re.search(r"of the one project asked, of \d+", out),
       "of a listing per project it asks for one project", out)
    ok(re.search(r"every 300 s: at least \d+ requests, \d+ series, .*"
                 r"MaxRequestRate", out), "what a cycle costs", out)
    ok("\033" not in out, "no colours where no terminal is", out)
    sim.zero()
    check(cloud("prod", sim, **KEYS))
    ok(sim.stats()["requests"] <= 12, "it asks little", sim.stats())

    sim.fault("/image/v2/images status 503")
    status, out = check(cloud("prod", sim, **KEYS))
    ok(status == 1 and rows(out)["images"] == "broken" and "HTTP 503" in out,
       "broken, in the words of the log", out)
    sim.fault("/network/v2.0/agents status 403")
    status, out = check(cloud("prod", sim, **KEYS))
    ok(status == 1 and rows(out)["agents"] == "refused" and
       re.search(r"> give the user .*, or write Meter \"!network.agent", out),
       "refused, and what to write", out)
    is_(re.findall(r"it needs (.*?);|> give the user (.*?),", out),
        [("the role admin", ""), ("", "the role admin")], "a role is called so")
    status, out = check(cloud("prod", sim, **KEYS), words=["--json"])
    listed = {r["listing"]: r for r in json.loads(out)[0]["listings"]}
    ok(status == 1 and listed["agents"]["state"] == "refused" and
       listed["agents"]["advice"] and listed["images"]["more"] and
       listed["images"]["cycle"]["at_least"] and
       listed["volume_quotas"]["asked_of"] > 5, "for machines", out[:2000])
    status, out = check(cloud(
        "prod", sim, block("Meter", "image.by_project", {"Interval": 60}),
        Interval=300, Meter=["image.size", "image.by_project"]), words=["--json"])
    is_(sorted(r["interval"] for r in json.loads(out)[0]["listings"]), [60, 300],
        "a listing that is walked at two intervals is two rows")
    sim.fault()
    status, out = check(cloud("a", sim, **KEYS), cloud("b", sim, **KEYS),
                        words=["b"])
    ok(status == 0 and 'cloud "b"' in out and 'cloud "a"' not in out,
       "one of several clouds", out)
    status, out = check(cloud("a", sim, **KEYS), words=["c"])
    is_((status, "no <Cloud \"c\">, but \"a\"" in out), (2, True),
        "no such cloud")

# ---- on a terminal ------------------------------------------------------------------


def on_terminal(sim, **environment):
    """What a terminal of 80 columns gets."""
    path = os.path.join(scratch(), "collectd.conf")
    with open(path, "w") as file:
        file.write(plugin(cloud("prod", sim, Interval=300,
                                Meter=["image.size", "volume.size"])))
        file.write("\n")
    ours, theirs = os.openpty()
    child = subprocess.Popen(
        [COMMAND, "check", "-C", path], stdin=theirs, stdout=theirs, stderr=theirs,
        env=dict(os.environ, TERM="xterm", **environment))
    os.close(theirs)
    got = b""
    try:
        while True:
            piece = os.read(ours, 4096)
            if not piece:
                break
            got += piece
    except OSError:
        pass  # nobody has the other end any more
    os.close(ours)
    child.wait()
    return got.decode()


with Sim("--images", "3") as sim:
    out = on_terminal(sim)
    ok("\033[32mworks" in out and "listings)" not in out,
       "colours where a terminal is, and no progress for a moment", out)
    sim.fault("/image latency 1500")
    out = on_terminal(sim, NO_COLOR="1")
    ok("\033[3" not in out, "none with NO_COLOR", out)
    like(out, r"prod: volumes \(2 of 2 listings\)\r\033\[K", "a line of progress")

# ---- what is missing: the lines to write, which are then written ----------------


def left_out(text):
    """The lines at the end of a report."""
    return re.findall(r'^    (Meter "!.*")$', text, re.M)


def mends(name, sim, lines, **keys):
    """With these lines nothing is refused or absent any more."""
    status, out = check(cloud("prod", sim, "\n".join(lines), **keys))
    ok(status == 0 and lines and set(rows(out).values()) <= {"works", "empty"}
       and not left_out(out), name, (lines, out))


with Sim("--images", "3", "--without", "dns,placement") as sim:
    keys = {"Interval": 300, "Meter": ["image.size", "dns.*", "placement.*",
                                       "network.services.firewall*",
                                       "network.router.*"]}
    sim.fault("/network/v2.0/fwaas status 404")
    status, out = check(cloud("prod", sim, **keys))
    is_({k for k, v in rows(out).items() if v == "absent"},
        {"zones", "recordsets", "dns_services", "dns_api", "inventories",
         "providers", "provider_usages", "placement_api", "firewall_groups",
         "firewall_policies", "firewall_rules"} & set(rows(out)),
        "absent: a service, and an extension")
    ok(status == 0 and re.search(
        r'absent +zones .*the catalogue has no "dns" .*\n +> write Meter '
        r'"!dns\.\*", or Endpoint "dns" "URL" where it is', out),
       "a service that the catalogue lacks: what to write", out)
    ok(re.search(r'absent +firewall_groups .*HTTP 404.*\n +> write Meter '
                 r'"!network\.services\.firewall', out),
       "an extension that is not there: what to write", out)
    mends("the lines at the end leave it out", sim, left_out(out), **keys)
    told = json.loads(check(cloud("prod", sim, **keys), words=["--json"])[1])[0]
    is_(['Meter "!%s"' % pattern for pattern in told["left_out"]], left_out(out),
        "the same for machines")
    sim.fault()

    user = dict(keys, Username="reader", Password="secret",
                Meter=["image.size", "volume.*", "network.*", "identity.limit*"])
    status, out = check(cloud("prod", sim, **user))
    ok(status == 1 and re.search(r"works +images .*\n(.*\n)*? +> give the user the "
                                 r"role admin\n", out) and
       re.search(r"empty +agents +nothing that the token may see\n", out),
       "what a reader cannot see", out)
    mends("nor is he asked to", sim, left_out(out), **user)

    # Heat's own policy lets nobody list the stacks of all, and says so by a 403
    keys = {"Interval": 300, "Meter": ["image.size", "orchestration.stack.*"]}
    sim.fault("/orchestration status 403")
    status, out = check(cloud("prod", sim, **keys))
    ok(status == 1 and re.search(
        r'refused +stacks .*HTTP 403.*\n +> give the user stacks:global_index '
        r'\(.*\), or write Meter "!orchestration\.stack\.\*"', out),
       "Heat's 403 is a refusal", out)

    sim.fault("/object status 404")
    status, out = check(cloud("prod", sim, Interval=300,
                              Meter=["image.size", "storage.objects"]))
    ok(status == 0 and re.search(
        r"empty +accounts +the one project asked, of \d\d, has nothing\n", out),
       "one project without an account says nothing of the others", out)
    sim.fault()
    status, out = check(cloud("prod", sim, Interval=300, Meter="storage*"))
    ok(re.search(r"accounts +\d+ records? of the one project asked, of \d\d\n",
                 out), "and one that has some is one", out)

with Sim("--images", "3", "--volumes", "60") as sim:
    status, out = check(cloud("prod", sim, Interval=10, MaxRequestRate=3,
                              Meter=["volume.size", "*.quota.*"]),
                        words=["prod"])
    ok("> the cycles need" not in out, "requests that MaxRequestRate lets through",
       out)
    status, out = check(cloud(
        "prod", sim, block("Meter", "*", {"Interval": 2}), Interval=2,
        MaxRequestRate=8, Meter=["volume.size", "volume.quota.*"]))
    found = re.search(
        r"> the cycles need (\S+) requests in a second, and MaxRequestRate lets 8 "
        r"through: write Interval (\d+) instead of 2, or MaxRequestRate (\d+)", out)
    ok(found, "too many requests for MaxRequestRate: what to write", out)
    interval, rate = (int(x) for x in found.groups()[1:]) if found else (2, 8)
    for name, keys in (("that Interval", {"Interval": interval}),
                       ("that MaxRequestRate", {"MaxRequestRate": rate})):
        every_ = keys.get("Interval", 2)
        out = check(cloud("prod", sim, block("Meter", "*", {"Interval": every_}),
                          **dict({"Interval": 2, "MaxRequestRate": 8, "Meter":
                                  ["volume.size", "volume.quota.*"]}, **keys)))[1]
        ok("> the cycles need" not in out, name + " is enough", out)

    sim.fault("/volume latency 3000")
    slow = {"Interval": 1, "Meter": "volume.size"}
    status, out = check(cloud("prod", sim, **slow))
    found = re.search(r"> a cycle takes over 0\.\d s of every 1 s: write Interval "
                      r'(\d+) in a block <Meter "volume\.size">', out)
    ok(status == 1 and found, "the interval is too short for a page: what to write",
       out)
    status, out = check(cloud("prod", sim, block("Meter", "volume.size", {
        "Interval": int(found.group(1)) if found else 1}), **slow))
    ok(status == 0 and "a cycle takes" not in out, "which is enough", out)

with Sim("--shares", "90", "--page", "10") as sim:
    sim.fault("/ latency 300")
    status, out = check(cloud("prod", sim, Interval=2, Meter="manila.share.size"))
    ok(status == 0 and re.search(
        r"> a cycle takes about \d\.\d s of every 2 s: write Interval \d+ in a "
        r'block <Meter "manila\.share\.size">', out),
       "all pages take longer than the first: what to write", out)

with Sim("--twins", "--images", "600") as sim:
    keys = {"Interval": 300, "Meter": ["image.size", "image.by_project"]}
    status, out = check(cloud("prod", sim, PluginInstanceFormat="name", **keys))
    ok(re.search(r"! \d+ names belong to several resources.*\n(.*\n)*? +> write "
                 r'PluginInstanceFormat "project_name name", or "name id"', out),
       "names that repeat: what to write", out)
    status, out = check(cloud("prod", sim, PluginInstanceFormat="name id",
                              **keys))
    ok("names belong to" not in out, "which tells them apart", out)

# ---- mistakes: each gives a line from which one step mends it ------------------


def mistake(name, expect, *lines, status=1, environment=None, config=None,
            sim=None, **keys):
    """`lines` are further patterns that the report must not lack."""
    if config is None:
        config = plugin(cloud("prod", sim, **dict(
            KEYS, Meter=["image.size", "volume.size", "ip.floating"], **keys)))
    got, out = check(config=config, environment=environment)
    hits = [line for line in out.splitlines() if re.search(expect, line)]
    ok(got == status and len(hits) == 1 and
       all(re.search(line, out) for line in lines), name, (got, out))


yaml = os.path.join(scratch(), "clouds.yaml")
with open(yaml, "w") as file:
    file.write("clouds:\n  lab:\n    auth: {auth_url: http://127.0.0.1:1}\n")
bad = os.path.join(scratch(), "bad.yaml")
with open(bad, "w") as file:
    file.write("clouds:\n\tlab: {\n")

with Sim("--images", "3") as sim:
    mistake("a wrong password", r"refuses user \"?collectd\"?.*HTTP 401",
            sim=sim, Password="wrong-one")
    mistake("a blank behind a secret",
            r"Password: the text in quotes begins or ends with a blank",
            r"HTTP 401", sim=sim, Password=PASSWORD + " ")
    mistake("a wrong password or user is told from",
            r"> user, its domain or the password is wrong", sim=sim,
            Username="collect")
    mistake("a wrong project, with the right password",
            r"> user and password are right: it is the project", sim=sim,
            ProjectDomainName="Defalut")
    mistake("a project to report that is not there",
            r'! Project "nowhe\*": Keystone lists none of this name or id', status=0,
            sim=sim, Project=["service", "nowhe*", "!gone"])
    mistake("a project that is not there",
            r'project "nowhere" \(domain "Default"\) \(HTTP 401\)', sim=sim,
            ProjectName="nowhere")
    mistake("a region that is not there names those that are",
            r'no region "Nowhere"; it has RegionOne', sim=sim,
            Region="Nowhere")
    mistake("an interface that the catalogue lacks", r"Interface \"pubic\"",
            status=2, sim=sim, Interface="pubic")
    mistake("https for http", r"may not speak TLS: is it http://", sim=sim,
            AuthURL=sim.url.replace("http:", "https:"))
    mistake("an address without a scheme", r"AuthURL", status=2,
            sim=sim, AuthURL=sim.url.replace("http://", ""))
    mistake("a port on which nobody listens", r"port 1 ", sim=sim,
            AuthURL="http://127.0.0.1:1/v3")
    mistake("a host that has no address", r"Could not resolve host: nowhere\.invalid",
            sim=sim,
            AuthURL="http://nowhere.invalid:5000/v3",
            environment={"http_proxy": "", "no_proxy": "*"})
    mistake("a proxy in the environment", r"by the proxy of http_proxy",
            sim=sim, environment={"http_proxy": "http://127.0.0.1:1",
                                  "no_proxy": "", "NO_PROXY": ""})
    mistake("a path that is not Keystone's", r"HTTP 404.*AuthURL must be "
            r"Keystone's: https://HOST:5000/v3", sim=sim,
            AuthURL=sim.url.replace("/v3", "/nothing/v3"))
    mistake("a typo in a key", r"Pasword.*did you mean", status=2, sim=sim,
            Pasword="x")
    mistake("a pattern that matches nothing", r'Meter "imgae\*": no such meter',
            status=2, config=plugin(cloud("prod", sim, Meter="imgae*")))
    mistake("a pattern without quotes", r"line \d+, column \d+: collectd drops .* quotes",
            status=0, config=plugin(cloud("prod", sim, Meter=None)).replace(
                "  Interval", "Meter image.*\n  Interval"))
    mistake("a password without quotes",
            r"line 4, column \d+: collectd drops .* put the whole text in quotes",
            status=2, config=plugin(cloud("prod", sim, Meter="image")).replace(
                '"%s"' % PASSWORD, "se-cret"))
    mistake("a quote that is missing", r"line 4, column 12: a text in quotes goes "
            r"on in the next line: is a quote missing\?", status=2,
            config=plugin(cloud("prod", sim, Meter="image")).replace(
                '"%s"' % PASSWORD, '"' + PASSWORD))
    mistake("the last quote of all", r"line 5, column 12: no other quote closes "
            r"this one", status=2, config='<Plugin openstack>\n<Cloud "a">\n'
            '  AuthURL "http://a"\n  Username "u"\n  Password "p\n</Cloud>\n'
            '</Plugin>')
    mistake("an entry that clouds.yaml lacks",
            r'clouds\.yaml: has no cloud "nothere"; it has lab', status=2,
            config=plugin('<Cloud "x">\n OSCloud "nothere"\n</Cloud>'),
            environment={"OS_CLIENT_CONFIG_FILE": yaml})
    mistake("a clouds.yaml that is none", r"bad\.yaml.*line 2", status=2,
            config=plugin('<Cloud "x">\n OSCloud "x"\n</Cloud>'),
            environment={"OS_CLIENT_CONFIG_FILE": bad})
    mistake("a file of a password that is not there", r"/nonexistent/password",
            status=2, sim=sim, Password=None,
            PasswordFile="/nonexistent/password")
    mistake("a file of authorities that is not there", r"/nonexistent/ca\.pem",
            sim=sim, CACert="/nonexistent/ca.pem", status=2)
    mistake("a key of a cloud in the plugin's block",
            r"AuthURL.*a <Cloud> block", status=2,
            config='<Plugin openstack>\n AuthURL "%s"\n</Plugin>' % sim.url)
    mistake("a cloud outside the plugin's block",
            r"<Cloud> stands outside", status=2,
            config=cloud("prod", sim))
    # Debian's file is root's.
    folder = scratch()
    theirs = os.path.join(folder, "collectd.conf")
    with open(theirs, "w") as file:
        file.write("<Plugin openstack>\n</Plugin>\n")
    os.chmod(theirs, 0)
    os.chmod(folder, 0o755)
    ours = shutil.copy(COMMAND, folder)
    try:
        run = subprocess.run(
            [ours, "check", "-C", theirs], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
            preexec_fn=lambda: os.geteuid() == 0 and os.setuid(65534))
        ok(run.returncode == 2 and re.match(
            r"collectd-openstack: \S+collectd\.conf may not be read by this user: "
            r"run the command as root\n$", run.stdout),
           "a file that only root may read", run.stdout)
    except PermissionError:
        note("nobody else may enter the folder of the test")
    mistake("a block that is not closed", r"<Cloud> is not closed|</Plugin> "
            r"stands where </Cloud>", status=2,
            config=plugin(cloud("prod", sim)).replace("</Cloud>", ""))
    mistake("a block before LoadPlugin", r"before \"LoadPlugin openstack\"",
            status=0, config="LoadPlugin csv\n" + plugin(
                cloud("prod", sim, **dict(KEYS, Meter="image.size"))) +
            "\nLoadPlugin openstack")
    mistake("no project", r"ProjectName or ProjectID is missing", status=2,
            sim=sim, ProjectName=None)

# ---- a clock that is off, and who has little to say -----------------------------


class Late(http.server.BaseHTTPRequestHandler):
    """Keystone behind a proxy, an hour ago."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, headers, answer = self.server.sim.request(
            "POST", self.path, body, {"Content-Type": "application/json"})
        self.send_response_only(status)
        self.send_header("Date", email.utils.formatdate(
            time.time() - 3600, usegmt=True))
        for name in ("X-Subject-Token", "Content-Type"):
            self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


with Sim("--images", "3") as sim:
    server = http.server.HTTPServer(("127.0.0.1", 0), Late)
    server.sim = sim
    threading.Thread(target=server.serve_forever, daemon=True).start()
    mistake("a clock that is off", r"the clock here is 3[56]\d\d s ahead of "
            r"Keystone's.*set it \(NTP\)", sim=sim,
            AuthURL="http://127.0.0.1:%d/v3" % server.server_port)
    server.shutdown()
    mistake("an application credential that has expired",
            r'refuses application credential "gone" .*has it expired, or been '
            r"deleted\?", sim=sim, Username=None, Password=None,
            ProjectName=None, ApplicationCredentialID="gone",
            ApplicationCredentialSecret="ac-secret")
    mistake("a token without the role: what it misses", r"the token lacks the "
            r"role admin.*, it sees only", status=0,
            config=plugin(cloud("prod", sim, Username="reader",
                                Password="secret", Interval=300,
                                Meter="volume.size")))
    blank = os.path.join(scratch(), "clouds.yaml")
    with open(blank, "w") as file:
        file.write('clouds:\n  lab:\n    auth:\n      auth_url: %s\n'
                   '      username: collectd\n      password: "%s "\n'
                   '      project_name: service\n' % (sim.url, PASSWORD))
    os.chmod(blank, 0o600)
    mistake("a blank behind a secret of clouds.yaml",
            r"clouds\.yaml: password \(hidden\): begins or ends with a blank",
            config=plugin('<Cloud "x">\n OSCloud "lab"\n</Cloud>'),
            environment={"OS_CLIENT_CONFIG_FILE": blank})

try:
    home = scratch()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
         "2", "-keyout", "key.pem", "-out", "cert.pem", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=home, check=True, stderr=subprocess.DEVNULL)
except OSError:
    home = None  # tls.t cannot run either
if home is not None:
    with Sim("--images", "3", "--tls-cert", home + "/cert.pem", "--tls-key",
             home + "/key.pem") as sim:
        mistake("an authority that is not known",
                r"its authority may have to be named by CACert", sim=sim)
        mistake("http for https", r"may speak TLS: is it https://", sim=sim,
                AuthURL=sim.url.replace("https:", "http:"))
done()
