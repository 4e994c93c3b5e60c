#!/usr/bin/python3
"""TLS is verified unless the operator says otherwise."""

import os

from harness import *

folder = scratch()


def path(name):
    return os.path.join(folder, name)


def openssl(*args):
    subprocess.run(("openssl",) + args, check=True, cwd=folder,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def authority(name):
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-keyout", name + ".key", "-out", name + ".pem",
            "-subj", "/CN=" + name)


def certificate(name, ca, names):
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key",
            "-out", name + ".csr", "-subj", "/CN=" + name)
    with open(path(name + ".ext"), "w") as file:
        file.write("subjectAltName=" + names)
    openssl("x509", "-req", "-days", "2", "-in", name + ".csr", "-CA",
            ca + ".pem", "-CAkey", ca + ".key", "-CAcreateserial",
            "-extfile", name + ".ext", "-out", name + ".pem")


def server(name, *options):
    sim = Sim("--images", 30, "--tls-cert", path(name + ".pem"), "--tls-key",
              path(name + ".key"), *options)
    sim.context = ssl._create_unverified_context()
    sim.context.load_cert_chain(path("client.pem"), path("client.key"))
    return sim


try:
    import ssl
    authority("ca")
    authority("stranger")
    certificate("right", "ca", "IP:127.0.0.1")
    certificate("other", "ca", "DNS:other.example.net")
    certificate("client", "ca", "DNS:client")
    certificate("forged", "stranger", "DNS:client")
except (OSError, ImportError) as error:
    skip_all("no openssl: %s" % error)

with open(path("garbage.pem"), "w") as file:
    file.write("-----BEGIN CERTIFICATE-----\nnone\n"
               "-----END CERTIFICATE-----\n")
CA = path("ca.pem")
CLIENT = {"ClientCert": path("client.pem"), "ClientKey": path("client.key")}
FORGED = {"ClientCert": path("forged.pem"), "ClientKey": path("forged.key")}

with server("right") as right, server("other") as other, \
        Sim() as plain, server("right", "--client-ca", CA) as strict:
    # cloud: its server, its keys, whether it works, what a refusal says
    table = {
        "default": (right, {}, "certificate.*; its authority .* CACert"),
        "plain-url": (right, {"AuthURL": right.url.replace("https", "http")},
                      "; the server may speak TLS: is it https://"),
        "tls-url": (plain, {"AuthURL": plain.url.replace("http", "https")},
                    "; the server may not speak TLS: is it http://"),
        "stranger": (right, {"CACert": path("stranger.pem")}, "certificate"),
        "garbage": (right, {"CACert": path("garbage.pem")}, "garbage.pem"),
        "trusted": (right, {"CACert": CA}, None),
        "unverified": (right, {"VerifyPeer": False, "VerifyHost": False}, None),
        "host-only": (right, {"VerifyPeer": False}, None),
        "misnamed": (other, {"CACert": CA}, "name|host"),
        "any-name": (other, {"CACert": CA, "VerifyHost": False}, None),
        "no-client": (strict, {"CACert": CA}, "400|[Cc]ertificate"),
        "forged": (strict, dict(FORGED, CACert=CA), "400|[Cc]ertificate"),
        "client": (strict, dict(CLIENT, CACert=CA), None),
    }
    wanted = right.expected("image")
    for sim in (right, other, strict):
        sim.zero()
    clouds = [cloud(name, sim, Interval=20, **keys)
              for name, (sim, keys, _) in table.items()]
    with Daemon(*clouds) as daemon:
        daemon.wait(lambda: all(daemon.walks(cloud=name) for name in table))
        for name, (sim, keys, refusal) in table.items():
            up = [w["up"] for w in daemon.walks(cloud=name)[:1]]
            if refusal is None:
                is_(up, ["1"], name + ": works")
                is_(daemon.cycles("image", host=name)[:1], [wanted],
                    name + ": has all images")
            else:
                is_(up, ["0"], name + ": is refused")
                is_(daemon.select(host=name, meter="image"), [],
                    name + ": no value")
                daemon.says('"%s".*(%s)' % (name, refusal),
                            name + ": the log says why")
    # One login for each cloud that works: the others never sent a password.
    is_((right.stats()["tokens"], other.stats()["tokens"],
         strict.stats()["tokens"]), (3, 1, 1),
        "a server that is not trusted is told no password")


class WithSystem(Daemon):
    """A daemon on a system whose own authority is ours."""

    def command(self, *options):
        return ["unshare", "-m", "sh", "-c",
                'mount --bind "$0" /etc/ssl/certs && exec "$@"',
                path("system")] + super().command(*options)


def instead_of_the_system():
    """CACert replaces the system's authorities, and is not one more."""
    name = "CACert: the system's authorities do not count"
    os.mkdir(path("system"))
    for copy in ("ca-certificates.crt", "ca.pem"):
        shutil.copy(CA, path("system/" + copy))
    openssl("rehash", "system")
    may = subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL)
    if may.returncode != 0 or SANITIZER:
        ok(True, name + " # SKIP takes root, and no sanitizer in the shell")
        return
    with server("right") as sim:
        with WithSystem(cloud("system", sim, Interval=20),
                        cloud("other", sim, Interval=20,
                              CACert=path("stranger.pem"))) as daemon:
            daemon.wait(lambda: daemon.walks(cloud="system") and
                        daemon.walks(cloud="other"))
            is_([[w["up"] for w in daemon.walks(cloud=c)[:1]]
                 for c in ("system", "other")], [["1"], ["0"]], name)


instead_of_the_system()
done()
