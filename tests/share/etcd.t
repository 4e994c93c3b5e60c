#!/usr/bin/python3
"""src/etcd beside a real etcd: each call, users, TLS, members that die."""

import os

from etcd import *
from harness import *

CALLS = find("CALLS", "tests/share/calls")
PREFIX = "/collectd-openstack/"
folder = scratch()


class Client:
    """tests/share/calls with these endpoints."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [CALLS, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        atexit.register(self.close)

    def __call__(self, command):
        """The lines of the answer, without "ok"; one "error CODE TEXT"."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if line == "ok":
                return lines
            lines.append(line)
            if line.startswith("error "):
                return lines
        bail_out("calls has ended in %r" % command)

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            ok(self.process.wait(60) == 0, "a client ends well")
            self.process = None
            atexit.unregister(self.close)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()


def says(client, command, pattern, name):
    return like("\n".join(client(command)), pattern, name)


def until(client, command, pattern, name):
    """The answer comes to this, sooner or later."""
    last = []

    def asked():
        last[:] = client(command)
        return re.search(pattern, "\n".join(last))
    wait(asked, PATIENCE)
    return like("\n".join(last), pattern, name)


# ---- each call -------------------------------------------------------------

with Cluster(1) as cluster, Client(cluster.urls[0] + "/") as client:
    granted = client("grant 15")[0].split()
    lease = granted[1]
    is_(granted[0::2], ["lease", "15"], "a lease is granted")
    short = client("grant 1")[0].split()
    ok(int(short[2]) >= 2, "etcd raises a TTL that is short for it")
    is_(client("keepalive " + lease), ["ttl 15"], "it is renewed")
    says(client, "keepalive 99", "error lease ", "a lease that is not there")
    is_(client("commit absent /a/1 put /a/1 one " + lease), ["done yes"],
        "what is absent is created")
    is_(client("commit absent /a/1 put /a/1 two 0"), ["done no"],
        "and only once")
    is_(client("commit put /a/2 two 0 put /b two 0"), ["done yes"],
        "without a condition all is put")
    items = [line.split() for line in client("range /a/")]
    is_([i[1:4] for i in items], [["/a/1", "one", lease], ["/a/2", "two", "0"]],
        "a prefix is read")
    is_(client("range /none/"), [], "an empty one, too")
    is_(client("commit leased /a/1 %s put /a/1 three %s" % (short[1], lease)),
        ["done no"], "another's lease does not fit")
    is_(client("commit leased /a/1 %s put /a/1 three %s" % (lease, lease)),
        ["done yes"], "one's own does")
    is_(client("commit unchanged /a/1 %s put /a/1 four 0" % items[0][5]),
        ["done no"], "what has changed is seen")
    now = client("range /a/1")[0].split()[5]
    is_(client("commit unchanged /a/1 %s put /a/1 given %s" % (now, short[1])),
        ["done yes"], "a key is given to another's lease")
    is_(client("revoke " + lease), [], "a lease is revoked")
    is_([line.split()[1] for line in client("range /a/")], ["/a/1", "/a/2"],
        "and what was given away before stays")
    says(client, "revoke " + lease, "error lease ", "it is revoked once")
    says(client, "commit put /a/3 x " + lease, "error lease ",
         "nothing is put under a lease that is gone")
    is_(client("commit delete /a/1 delete /a/2"), ["done yes"],
        "keys are deleted")
    is_(client("range /a/"), [], "and are gone")
    many = " ".join("put /m/%03d x 0" % i for i in range(128))
    is_(client("commit " + many), ["done yes"],
        "128 operations are one transaction")
    is_(len(client("range /m/")), 128, "all are there")
    says(client, "commit " + many + " put /m/z x 0", "error limit ",
         "129 are refused")
    is_(client("members"), ["members 1"], "its members are counted")
    status = client("status")[0].split()
    is_(status[:2], ["endpoint", "led"], "it leads itself")
    is_(client("cluster"), ["cluster " + cluster.ask(
        "/v3/maintenance/status", {})["header"]["cluster_id"]],
        "the cluster is known by its id")
    is_(client("advice"), ["advice -"], "there is nothing to advise")
    cluster.revoke_all()
    says(client, "keepalive " + short[1], "error lease ",
         "a lease that another has revoked is gone")

    # ---- etcd away ----
    cluster.members[0].pause()
    says(client, "range /a/", "error deadline .*no answer within",
         "etcd that hangs")
    is_(client("status")[0].split()[1], "silent", "hanging proves nothing")
    is_(client("quorum 1"), ["quorum unknown"], "nor is it a proof")
    cluster.members[0].resume()
    until(client, "range /a/", "^$", "it comes back")
    cluster.members[0].kill()
    says(client, "range /a/", "error transport ", "etcd that is down")
    is_(client("status"), ["endpoint refuses " + status[2]], "it refuses")
    is_(client("quorum 1"), ["quorum lost"], "which is a proof")
    cluster.members[0].start()
    until(client, "range /m/000", "item /m/000", "it is back, with its keys")
    client("stop")
    says(client, "range /a/", "error stopped", "stopped")

# ---- NOSPACE ---------------------------------------------------------------

with Cluster(1, ["--quota-backend-bytes", str(16 * 1024 * 1024)]) as cluster, \
        Client(cluster.urls[0]) as client:
    lease = client("grant 600")[0].split()[1]
    client("commit put /k v " + lease)
    value = coded("x" * 1000000)
    try:
        for i in range(40):
            cluster.ask("/v3/kv/put", {"key": coded("/fill"), "value": value})
    except urllib.error.HTTPError:
        pass
    says(client, "commit put /k w 0", "error space .*etcdctl alarm disarm",
         "a full database is told")
    says(client, "grant 5", "error space ", "so it is of a lease")
    is_(client("keepalive " + lease), ["ttl 600"], "leases live on")
    says(client, "range /k", "item /k v ", "keys are read")
    is_(client("revoke " + lease), [], "and a lease can be revoked")

# ---- three members ---------------------------------------------------------

with Cluster(3) as cluster, Client(*cluster.urls) as client:
    is_(client("members"), ["members 3"], "three members")
    until(client, "status", "(?s)led.*led.*led", "all are led")
    lease = client("grant 60")[0].split()[1]
    cluster.leader().kill()
    until(client, "keepalive " + lease, "^ttl 60$",
          "the leader dies, and a lease is renewed elsewhere")
    until(client, "commit put /k v " + lease, "^done yes$", "so is a key put")
    client("status")
    is_(client("quorum 3"), ["quorum unknown"], "two of three are a quorum")
    next(m for m in cluster.members if m.process is not None).kill()
    until(client, "status", "(?s)^(?=.*refuses.*refuses|.*leaderless)",
          "the last one has no leader, or two refuse")
    until(client, "quorum 3", "lost", "that is a proof")
    until(client, "keepalive " + lease, "error (transport|status|deadline)",
          "without a quorum nothing is renewed")
    for member in cluster.members:
        if member.process is None:
            member.start()
    until(client, "keepalive " + lease, "^ttl 60$",
          "nothing has run out meanwhile")

# One that was down since the client began.
with Cluster(3) as cluster:
    cluster.members[1].kill()
    with Client(*cluster.urls) as client:
        until(client, "members", "members 3", "one of three is down")
        cluster.members[2].kill()
        until(client, "status", "endpoint refuses [1-9].*\nendpoint refuses "
              "[1-9]", "it is known by what it advertises")
        is_(client("quorum 3"), ["quorum lost"], "so it counts")

# ---- users -----------------------------------------------------------------

with Cluster(1, ["--auth-token-ttl", "2"]) as cluster:
    url = cluster.urls[0]
    login = ["--user", "collectd", "--password", "hush-hush", url]
    with Client(*login) as client, Client(url) as nobody:
        is_(client("grant 5")[0].split()[::2], ["lease", "5"],
            "without users a user is not needed")
        says(client, "advice", "etcdctl auth enable", "and that is told")
        cluster.keep_users("collectd", "hush-hush", PREFIX)
        says(nobody, "range " + PREFIX, "error config .*set Username and "
             "PasswordFile in <Share>", "users are needed now")
        is_(client("range " + PREFIX), [], "and the user logs in")
        is_(client("advice"), ["advice -"], "there is no more to advise")
        is_(client("commit put %sk v 0" % PREFIX), ["done yes"],
            "the user may write its prefix")
        says(client, "range /other/", "error denied .*role", "and no other")
        says(client, "commit put /other v 0", "error denied ", "in no way")
        time.sleep(6)  # the token's life is 2 s
        is_(len(client("range " + PREFIX)), 1, "a token that ran out is renewed")
        is_(client("members"), ["members 1"], "members are counted")
        cluster.log_in()
        cluster.forget_users()
        is_(len(client("range " + PREFIX)), 1, "users are switched off again")
with Cluster(1) as cluster:
    cluster.keep_users("collectd", "hush-hush", PREFIX)
    with Client("--user", "collectd", "--password", "wrong-pw",
                cluster.urls[0]) as client:
        for when in ("a wrong password", "and in its back-off"):
            says(client, "range " + PREFIX, "error login .*see Username and "
                 "PasswordFile", when)
            unlike("\n".join(client("range " + PREFIX)), "wrong-pw",
                   "the password is not told")

# ---- TLS -------------------------------------------------------------------


def path(name):
    return os.path.join(folder, name)


def openssl(*args):
    subprocess.run(("openssl",) + args, check=True, cwd=folder,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def certificate(name, subject, usage):
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key",
            "-out", name + ".csr", "-subj", subject)
    with open(path(name + ".ext"), "w") as file:
        file.write("subjectAltName=IP:127.0.0.1\nextendedKeyUsage=" + usage)
    openssl("x509", "-req", "-days", "2", "-in", name + ".csr", "-CA",
            "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile",
            name + ".ext", "-out", name + ".pem")
    return path(name + ".pem"), path(name + ".key")


openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca")
CA = path("ca.pem")
both = certificate("both", "/CN=server", "serverAuth,clientAuth")
server = certificate("server", "/CN=server", "serverAuth")
named = certificate("named", "/CN=collectd", "clientAuth")
nameless = certificate("nameless", "/O=collectd", "clientAuth")


def as_(pair):
    return ["--ca", CA, "--cert", pair[0], "--key", pair[1]]


mutual = ["--client-cert-auth", "--trusted-ca-file", CA]
with Cluster(1, tls=both, ca=CA) as cluster:
    url = cluster.urls[0]
    with Client("--ca", CA, url) as client:
        is_(client("members"), ["members 1"], "over TLS")
        is_(client("status")[0].split()[1], "led", "statuses, too")
    with Client(url) as client:
        says(client, "members", "error transport .*certificate.*CACert",
             "an authority that is not trusted")
    with Client(url.replace("https", "http")) as client:
        says(client, "members", "error .*https://", "http:// to a TLS port")

with Cluster(1, mutual, tls=both, ca=CA, client=nameless) as cluster:
    url = cluster.urls[0]
    with Client(*as_(named), url) as client:
        is_(client("members"), ["members 1"], "with a client's certificate")
    with Client("--ca", CA, url) as client:
        until(client, "members", "error transport .*ClientCert",
              "without the certificate that is wanted")
    cluster.keep_users("collectd", "hush-hush", PREFIX)
    user = ["--user", "collectd", "--password", "hush-hush"]
    with Client(*as_(nameless), *user, url) as client:
        is_(client("range " + PREFIX), [], "a certificate without CN and a user")
    with Client(*as_(named), *user, url) as client:
        says(client, "range " + PREFIX, r"error config .*common name \(CN\)",
             "a certificate with CN and a user")

# Its own gateway cannot reach this one: we can see that only from outside.
cluster = Cluster(1, mutual, tls=server, ca=CA, client=nameless)
cluster.members[0].start()
with Client(*as_(nameless), cluster.urls[0]) as client:
    until(client, "range /", "error config .*extended key usage clientAuth",
          "a server's certificate without clientAuth")
cluster.stop()

with Cluster(1) as cluster, \
        Client(cluster.urls[0].replace("http", "https")) as client:
    # It may hang up before its answer, which is no TLS, has been read.
    until(client, "members", "error transport .*http://", "https:// to a plain "
          "port")

done()
