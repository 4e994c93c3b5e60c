#!/usr/bin/python3
"""All ways to log in; a rotated password; a wrong one."""

import os

from harness import *


def ids(sim):
    """User and project by their ids, as cloudsim made them."""
    body = {"auth": {"identity": {"methods": ["token"],
                                  "token": {"id": "ready-made-token"}}}}
    _, _, answer = sim.request("POST", "/v3/auth/tokens", json.dumps(body))
    token = json.loads(answer)["token"]
    return token["user"]["id"], token["project"]["id"]


def secret_file(folder, name, text, mode=0o600):
    path = os.path.join(folder, name)
    with open(path + ".new", "w") as file:
        file.write(text)
    os.chmod(path + ".new", mode)
    os.rename(path + ".new", path)
    return path


def ways(sim, folder):
    user, project = ids(sim)
    nothing = {"Username": None, "Password": None, "ProjectName": None}
    return {
        "names": {"UserDomainName": "Default", "ProjectDomainName": "Default"},
        "domain-ids": {"UserDomainID": "default",
                       "ProjectDomainID": "default"},
        "ids": dict(nothing, UserID=user, Password=PASSWORD,
                    ProjectID=project),
        "mixed": {"UserDomainID": "default", "ProjectName": None,
                  "ProjectID": project},
        "file": {"Password": None,
                 "PasswordFile": secret_file(folder, "file", PASSWORD + "\n")},
        "credential-id": dict(nothing, ApplicationCredentialID="ac-id",
                              ApplicationCredentialSecret="ac-secret"),
        "credential-name": dict(nothing, ApplicationCredentialName="ac-name",
                                Username="collectd",
                                UserDomainName="Default",
                                ApplicationCredentialSecret="ac-secret"),
        "credential-file": dict(
            nothing, ApplicationCredentialID="ac-id",
            ApplicationCredentialSecretFile=secret_file(
                folder, "credential", "ac-secret\n")),
        "token": dict(nothing, Token="ready-made-token"),
    }


def every_way():
    folder = scratch()
    with Sim("--images", 30) as sim:
        wanted = sim.expected("image")
        table = ways(sim, folder)
        sim.zero()
        clouds = [cloud(name, sim, Interval=60, **keys)
                  for name, keys in table.items()]
        with Daemon(*clouds) as daemon:
            daemon.wait(lambda: all(daemon.walks(cloud=name)
                                    for name in table))
            for name in table:
                cycles = daemon.cycles("image", host=name)
                ok(cycles and cycles[0] == wanted, "logs in by " + name,
                   lambda: "\n".join(daemon.lines('"%s"' % name)))
            is_(sim.stats()["tokens"], len(table) - 1,
                "one token each, none for a ready-made one")


def rotation():
    folder = scratch()
    path = secret_file(folder, "password", PASSWORD)
    with Sim("--images", 30) as sim:
        with Daemon(cloud("prod", sim, Password=None,
                          PasswordFile=path)) as daemon:
            daemon.wait(lambda: len(daemon.walks()) >= 2)
            secret_file(folder, "password", "pass-4711-new")
            sim.own("POST", "password", "pass-4711-new")
            sim.fault("/image expire-token times=1")
            before = len(daemon.walks())
            daemon.wait(lambda: len(daemon.walks()) >= before + 2)
            is_({w["up"] for w in daemon.walks()}, {"1"},
                "a rotated password costs no walk")
            is_(sim.stats()["tokens"], 2, "... and one more token")


def readable():
    folder = scratch()
    with Sim("--images", 30) as sim:
        path = secret_file(folder, "open", PASSWORD, 0o644)
        with Daemon(cloud("prod", sim, Password=None,
                          PasswordFile=path)) as daemon:
            daemon.wait(lambda: len(daemon.walks()) >= 2)
            is_(daemon.walks()[0]["up"], "1", "a readable password file works")
            daemon.says(re.escape(path), "... and is warned of, once", 1)


def wrong():
    with Sim("--images", 30) as sim:
        with Daemon(cloud("prod", sim, Password="pass-4711-wrong")) as daemon:
            daemon.wait(lambda: daemon.walks())
            is_([w["up"] for w in daemon.walks()[:1]], ["0"],
                "a wrong password: not up")
            is_(daemon.select(meter="image"), [], "... no value")
            daemon.says('"prod".*401', "... the log says what Keystone said")


def vanished():
    """The file goes while the daemon runs, and comes back."""
    path = secret_file(scratch(), "password", PASSWORD)
    with Sim("--images", 30) as sim:
        with Daemon(cloud("prod", sim, Password=None,
                          PasswordFile=path)) as daemon:
            daemon.wait(lambda: daemon.walks())
            os.rename(path, path + ".away")
            sim.fault("/image expire-token times=1")
            daemon.wait(lambda: daemon.walks()[-1]["up"] == "0")
            is_(daemon.walks()[-1]["up"], "0", "no password file: not up")
            daemon.says('"prod".*' + re.escape(path),
                        "... the log names the file")
            os.rename(path + ".away", path)
            ok(daemon.wait(lambda: daemon.walks()[-1]["up"] == "1", 30),
               "... and all is well when it is back")


every_way()
rotation()
readable()
wrong()
vanished()
done()
