#!/usr/bin/python3
"""The simulator itself: what other tests lean on."""

import gzip

from harness import *

READY = {"X-Auth-Token": "ready-made-token", "X-Auth-All-Projects": "true"}


def get(sim, path, headers=READY):
    status, headers, body = sim.request("GET", path, headers=headers)
    return status, headers, body


def password(name="collectd", word=PASSWORD, **scope):
    user = {"name": name, "password": word, "domain": {"id": "default"}}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}}
    if scope:
        auth["scope"] = scope
    return json.dumps({"auth": auth})


def log_in(sim, body):
    status, headers, answer = sim.request("POST", "/v3/auth/tokens", body)
    return status, headers.get("X-Subject-Token"), json.loads(answer)


def logins():
    with Sim("--token-life", 2) as sim:
        service = {"project": {"name": "service",
                               "domain": {"name": "Default"}}}
        for name, body, wish in (
                ("right", password(**service), 201),
                ("no scope", password(), 201),
                ("system", password(system={"all": True}), 201),
                ("wrong password", password(word="x"), 401),
                ("unknown user", password("x"), 401),
                ("unknown project", password(project={
                    "name": "x", "domain": {"id": "default"}}), 401),
                ("no JSON", "{", 400)):
            is_(log_in(sim, body)[0], wish, "login, %s: %d" % (name, wish))
        _, token, answer = log_in(sim, password(**service))
        types = [s["type"] for s in answer["token"]["catalog"]]
        ok({"image", "volumev3", "object-store"} < set(types),
           "the catalogue", types)
        own = {"X-Auth-Token": token}
        is_(get(sim, "/image/v2/images", own)[0], 200, "a token is taken")
        is_(get(sim, "/image/v2/images", {})[0], 401, "... none is not")
        wait(lambda: get(sim, "/image/v2/images", own)[0] == 401, 4)
        is_(get(sim, "/image/v2/images", own)[0], 401, "... nor one too old")
        _, token, _ = log_in(sim, password("nobody", "secret"))
        is_(get(sim, "/image/v2/images", {"X-Auth-Token": token})[0], 403,
            "nobody may nothing")


def next_of(answer, key):
    if "next" in answer:
        return "/image" + answer["next"]
    if isinstance(answer.get("links"), dict):
        url = answer["links"].get("next")
    else:
        url = next((l["href"] for l in answer.get(key + "_links", ())
                    if l["rel"] == "next"), None)
    return url and url[url.index("/", len("https://")):]


def walk(sim, url):
    """All records of a listing, and in how many pages."""
    found, pages = [], 0
    while url and pages < 1000:
        answer = json.loads(get(sim, url)[2])
        key = next(k for k, v in answer.items() if isinstance(v, list)
                   and not k.endswith("_links"))
        found += answer[key]
        pages += 1
        url = next_of(answer, key)
    return found, pages


def paging():
    with Sim() as sim:
        project = json.loads(sim.request(
            "GET", "/v3/auth/tokens", headers=dict(READY, **{
                "X-Subject-Token": "ready-made-token"}))[2]
        )["token"]["project"]["id"]
        for url, count, pages in (
                ("/image/v2/images?limit=100", 250, 3),
                ("/image/v2/images", 250, 11),
                ("/volume/v3/%s/volumes/detail?all_tenants=1&limit=60" %
                 project, 60, 2),
                ("/volume/v3/%s/snapshots/detail?all_tenants=1" % project,
                 20, 1),
                ("/network/v2.0/floatingips", 40, 1),
                ("/network/v2.0/floatingips?limit=7&fields=id", 40, 6),
                ("/load-balancer/v2/lbaas/loadbalancers?limit=6", 20, 4),
                ("/dns/v2/zones", 30, 2),
                ("/compute/v2.1/servers/detail?all_tenants=1&limit=20", 40, 3),
                ("/compute/v2.1/os-migrations?status=error", 3, 1),
                ("/dns/v2/recordsets?limit=1000", 69, 1)):
            found, seen = walk(sim, url)
            is_((len({r["id"] for r in found}), len(found), seen),
                (count, count, pages), url.replace(project, "*") +
                ": %d records on %d pages" % (count, pages))
        shares = sum((json.loads(get(
            sim, "/share/v2/shares/detail?all_tenants=1&limit=10&offset=%d" %
            offset)[2])["shares"] for offset in (0, 10, 20)), [])
        is_(len({s["id"] for s in shares}), 25, "shares by offset")
        for url, wish in (("/image/v2/images?marker=x", 400),
                          ("/image/v2/images?limit=x", 400),
                          ("/volume/v3/%s/volumes/detail?marker=x" % project,
                           404), ("/network/v2.0/floatingips?marker=x", 200),
                          ("/nonsense", 404)):
            is_(get(sim, url)[0], wish,
                url.replace(project, "*") + ": %d" % wish)


def nova():
    """Microversions: what they add, end and refuse."""
    with Sim("--nova-max-microversion", "2.90") as sim:
        def nova(path, version):
            status, headers, body = get(sim, "/compute/v2.1" + path, dict(
                READY, **{"OpenStack-API-Version": "compute " + version}))
            return status, json.loads(body)
        for path, version, wish in (
                ("/os-services", "2.69", 200), ("/os-services", "2.90", 200),
                ("/os-services", "2.91", 406), ("/os-services", "2.0", 406),
                ("/os-services?limit=9", "2.74", 200),
                ("/os-services?limit=9", "2.75", 400),
                ("/os-hypervisors/detail?limit=9", "2.87", 200),
                ("/os-hypervisors/detail?limit=9", "2.88", 500),
                ("/servers/detail?all_tenants=1&marker=x", "2.69", 400)):
            is_(nova(path, version)[0], wish,
                "%s at %s: %d" % (path, version, wish))
        for version, has in ("2.46", {"id"}), ("2.47", {"vcpus", "ram"}):
            flavor = nova("/servers/detail", version)[1]["servers"][0]["flavor"]
            ok(has <= set(flavor), version + ": the flavor of a server", flavor)
        projects = json.loads(get(sim, "/v3/projects")[2])["projects"]
        for i, cores in (0, 20), (1, 40), (2, -1):
            found = nova("/limits?tenant_id=" + projects[i]["id"], "2.57")[1]
            is_(found["limits"]["absolute"]["maxTotalCores"], cores,
                "limits of a project")


def owners():
    """Whom records name, Keystone lists."""
    with Sim() as sim:
        own = walk(sim, "/identity/v3/projects?name=service")[0][0]["id"]
        volumes = walk(
            sim, "/volume/v3/%s/volumes/detail?all_tenants=1" % own)[0]
        for key, kind in (("os-vol-tenant-attr:tenant_id", "projects"),
                          ("user_id", "users")):
            listed = {item["id"]: item["name"]
                      for item in walk(sim, "/identity/v3/" + kind)[0]}
            named = {volume[key] for volume in volumes}
            ok(len(named) > 1 and named <= set(listed), "%s of volumes" % kind,
               named - set(listed))
        ok("collectd" in listed.values(), "the user who polls is one of them",
           listed)


def size():
    """As small with 100,000 images as with ten."""
    with Sim("--images", 100000) as sim:
        found, pages = walk(sim, "/image/v2/images?limit=1000")
        is_((len(found), pages), (100000, 101), "100,000 images")
        with open("/proc/%d/status" % sim.process.pid) as file:
            peak = int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))
        ok(peak < 20000 or SANITIZER, "... in some MB", "%d kB" % peak)


def answer_of(sim):
    try:
        status, headers, body = get(sim, "/image/v2/images?limit=50")
        return status, headers, body
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__, {}, b""


def parses(body):
    try:
        return bool(json.loads(body))
    except (ValueError, RecursionError):
        return False


FAULTS = {
    "status 502": lambda s, h, b: s == 502,
    "retry-after 7 503": lambda s, h, b: s == 503 and h["Retry-After"] == "7",
    "cut 100": lambda s, h, b: s == 200 and len(b) == 100 and
    "Content-Length" not in h,
    "break 100": lambda s, h, b: s == "IncompleteRead",
    "no-length": lambda s, h, b: parses(b) and "Content-Length" not in h,
    "bad-json": lambda s, h, b: s == 200 and not parses(b),
    "wrong-types": lambda s, h, b: parses(b) and b"not a record" in b,
    "link-elsewhere http://a.invalid": lambda s, h, b: json.loads(b)[
        "next"].startswith("http://a.invalid/"),
    "link-loop": lambda s, h, b: "marker" not in json.loads(b)["next"],
    "link 7": lambda s, h, b: json.loads(b)["next"] == 7,
    "field size=NaN": lambda s, h, b: [image["size"] == image["size"] for image
                                       in json.loads(b)["images"][:3]] ==
    [False, True, True],
    "rename owner=tenant_id": lambda s, h, b: {
        ("owner" in image, "tenant_id" in image)
        for image in json.loads(b)["images"]} == {(False, True)},
    "repeat": lambda s, h, b: [image["id"] for image in json.loads(b)["images"]
                               ].count(json.loads(b)["images"][0]["id"]) == 2,
    "no-records": lambda s, h, b: s == 200 and json.loads(b)["images"] == [],
    "huge-header 50000": lambda s, h, b: len(h["X-Huge"]) == 50000,
    "long-string 5000": lambda s, h, b: len(json.loads(b)["junk"]) == 5000,
    "deep 100": lambda s, h, b: b"[" * 100 in b and parses(b),
    "empty-reply": lambda s, h, b: s == "RemoteDisconnected",
    "redirect http://a.invalid/": lambda s, h, b: s == 302 and
    h["Location"] == "http://a.invalid/",
    "gzip-bomb 3": lambda s, h, b: h["Content-Encoding"] == "gzip" and
    len(b) < 30000,
}


def faults():
    with Sim() as sim:
        for spec, check in FAULTS.items():
            sim.fault("/image " + spec)
            got = answer_of(sim)
            ok(check(*got), "fault " + spec, got[:2])
        sim.fault("/image status 500 after=1 times=2")
        is_([answer_of(sim)[0] for _ in range(4)], [200, 500, 500, 200],
            "after and times")
        sim.fault("/image expire-token times=1")
        _, token, _ = log_in(sim, password())
        is_([get(sim, "/image/v2/images", {"X-Auth-Token": token})[0]
             for _ in range(2)], [401, 401], "expire-token")
        try:
            sim.own("POST", "fault", "/image nonsense")
            ok(False, "an unknown fault is refused")
        except ValueError:
            ok(True, "an unknown fault is refused")
        stats = sim.stats()
        ok(stats["requests"] == sum(stats["paths"].values()) > 15 and
           stats["statuses"]["500"] == 2, "requests are counted", stats)
    with Sim("--gzip") as sim:
        headers = dict(READY, **{"Accept-Encoding": "gzip"})
        body = get(sim, "/image/v2/images?limit=300", headers)[2]
        is_(len(json.loads(gzip.decompress(body))["images"]), 250, "gzip")
        sim.fault("/image bad-checksum")
        try:
            gzip.decompress(get(sim, "/image/v2/images", headers)[2])
            ok(False, "... with a wrong checksum")
        except OSError as error:
            like(str(error), "CRC", "... with a wrong checksum")


def keystones():
    """Lists that are cut off: before 2025.1 with a mark, and since then without
    one, unless pages are asked for."""
    url = "/identity/v3/projects"
    with Sim() as sim:
        for fault, query, wish in (
                ("", "", (22, None, False)), ("", "?limit=9", (22, None, False)),
                ("list-limit 16", "", (16, None, True)),
                ("list-limit 16", "?limit=9", (16, None, True)),
                ("max-db-limit 16", "", (16, None, False)),
                ("max-db-limit 16", "?limit=9", (9, "limit=9&marker=", False)),
                ("max-db-limit 16", "?limit=90",
                 (16, "limit=90&marker=", False))):
            sim.fault(*["%s %s" % (url, fault)] if fault else [])
            answer = json.loads(get(sim, url + query)[2])
            link = answer["links"]["next"]
            is_((len(answer["projects"]),
                 link and re.sub("[0-9a-f-]{32,}$", "", link.split("?")[1]),
                 answer.get("truncated", False)), wish,
                "Keystone: %s %s" % (fault, query))
        found, pages = walk(sim, url + "?limit=9")
        is_((len({r["id"] for r in found}), pages), (22, 3), "... page by page")


def helps():
    """Each kind of fault that it takes is in --help."""
    done = subprocess.run([find("CLOUDSIM", "tests/cloudsim/cloudsim"),
                           "--help"], stdout=subprocess.PIPE, check=True)
    kinds = re.search(r"kinds of faults[^\n]*\n(.*)", done.stdout.decode(),
                      re.S).group(1)
    kinds = [each.split()[0] for each in re.split(r",?\s*\n|, ", kinds)
             if each.strip()]
    ok(len(kinds) >= 29, "--help lists the kinds of faults", kinds)
    with Sim() as sim:
        refused = [kind for kind in kinds if sim.request(
            "POST", "/sim/fault", "/none " + kind)[0] != 204]
        is_(refused, [], "... which are all taken")


def ends():
    sim = Sim()
    sim.process.stdin.close()
    is_(sim.process.wait(10), 0, "ends with its stdin")
    sim = Sim("--fault", "/image hang")
    connection = socket.create_connection(("127.0.0.1", sim.port))
    connection.sendall(b"GET /image/v2/images HTTP/1.1\r\nHost: a\r\n\r\n")
    wait(lambda: sim.stats()["in_flight"] == 1)
    sim.process.terminate()
    is_(sim.process.wait(10), 0, "ends by SIGTERM, also with a hanging request")
    connection.close()


logins()
paging()
nova()
owners()
size()
faults()
keystones()
helps()
ends()
done()
