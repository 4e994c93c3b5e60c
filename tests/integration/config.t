#!/usr/bin/python3
"""Wrong configurations stop the start, with one line that names the mistake."""

import os

from harness import *

closed = Silent()
closed.close()
folder = scratch()
some_file = os.path.join(folder, "file")
with open(some_file, "w") as file:
    file.write(PASSWORD)
os.chmod(some_file, 0o600)
BASE = {"AuthURL": closed.url, "Username": "collectd", "Password": PASSWORD,
        "ProjectName": "service", "Interval": None, "Meter": None}
GOOD = {
    "Cloud": {key: value for key, value in BASE.items() if value},
    "Listing": {"Service": "image", "Path": "/v2/things",
                "Record": "things[]", "Paging": "none", "ID": "id"},
    "Meter": {"Listing": "images"},
}

# A row is what stands in a block that is right else, in place of what it has of
# the same keys; "-KEY" takes out one, "-*" all but AuthURL. Below it is what
# the operator reads behind the name of the block.
CLOUD = r"""
AuthURL ""
    AuthURL "": must not be empty
AuthURL "keystone.example.net"
    AuthURL "keystone.example.net": must begin with https:// or http://
AuthURL "ftp://keystone.example.net"
    AuthURL "ftp://keystone.example.net": must begin with https:// or
    http://
AuthURL "https://collectd:pw@keystone.example.net/v3"
    AuthURL "https://(hidden)@keystone.example.net/v3": must hold no user and no password
AuthURL "https://keystone.example.net/v2.0"
    AuthURL "https://keystone.example.net/v2.0": is Keystone's v2.0; v3 is
    needed
AuthURL "https://:5000"
    AuthURL "https://:5000": has no host
AuthURL 5000
    AuthURL 5000: expected one string in quotes
Username 12
    Username 12: expected one string in quotes
Username true
    Username true: expected one string in quotes
Username ""
    Username "": must not be empty
UserID "4f54"
    Username and UserID contradict each other
PasswordFile "/nonexistent/password"
    PasswordFile "/nonexistent/password": cannot be read: No such file or
    directory
PasswordFile "{file}"
    Password and PasswordFile contradict each other
ProjectID "c515"
    ProjectName and ProjectID contradict each other
UserDomainName "Default"; UserDomainID "default"
    UserDomainName and UserDomainID contradict each other
UserID "4f54"; UserDomainID "default"; -Username
    UserID and UserDomainID contradict each other
ProjectDomainName "Default"; ProjectDomainID "default"
    ProjectDomainName and ProjectDomainID contradict each other
DomainName "Default"
    ProjectName and DomainName contradict each other
TrustID "4711"
    ProjectName and TrustID contradict each other
SystemScope true
    ProjectName and SystemScope contradict each other
Token "ready-made-token"
    Password and Token contradict each other
ApplicationCredentialID "ac-id"
    Password and ApplicationCredentialID contradict each other
ApplicationCredentialSecret "ac-secret"
    Password and ApplicationCredentialSecret contradict each other
ApplicationCredentialID "ac-id"; -*
    ApplicationCredentialSecret or ApplicationCredentialSecretFile is
    missing
ApplicationCredentialName "n"; ApplicationCredentialSecret "ac-secret"; -*
    ApplicationCredentialName needs Username or UserID
-Username
    Username or UserID is missing (or ApplicationCredentialID, or Token)
-Password
    Password or PasswordFile is missing
-ProjectName
    ProjectName or ProjectID is missing
-*
    Username or UserID is missing (or ApplicationCredentialID, or Token)
Region ""
    Region "": must not be empty
Region 1
    Region 1: expected one string in quotes
Interface "publik"
    Interface "publik": expected one of public, internal, admin
Interface 1
    Interface 1: expected one of public, internal, admin
Endpoint "image"
    Endpoint "image": expected two strings in quotes
Endpoint "image" ""
    Endpoint "image": expected two strings in quotes
Endpoint "image" "glance.example.net:9292"
    Endpoint "image" "glance.example.net:9292": must begin with https:// or
    http://
Endpoint "image" "http://a"; Endpoint "image" "http://b"
    Endpoint "image": given twice
Region "One"; Region "One"
    Region "One": given twice
ConfigFile "{file}"
    ConfigFile beside AuthURL needs OSCloud, or nothing would be taken from
    it
PasswordFile "/dev/null"; -Password
    PasswordFile "/dev/null": is no regular file
UserDomainName "Default"; Token "t"; -*
    UserDomainName needs Username
ServiceType "image" 5
    ServiceType "image": expected two strings in quotes
VerifyPeer "maybe"
    VerifyPeer "maybe": expected true or false
VerifyPeer 2
    VerifyPeer 2: expected true or false
VerifyHost ""
    VerifyHost "": expected true or false
CACert "/nonexistent/ca.pem"
    CACert "/nonexistent/ca.pem": cannot be read: No such file or directory
CACert "{folder}"
    CACert "{folder}": is a directory
CACert "{file}"
    CACert "{file}": holds no certificate in PEM format
ClientCert "/nonexistent/cert.pem"
    ClientCert "/nonexistent/cert.pem": cannot be read: No such file or
    directory
ClientKey "/nonexistent/key.pem"
    ClientKey "/nonexistent/key.pem": cannot be read: No such file or
    directory
Interval 0
    Interval 0: must be from 0.1 to 604800
Interval -5
    Interval -5: must be from 0.1 to 604800
Interval "soon"
    Interval "soon": expected a number from 0.1 to 604800
Interval true
    Interval true: expected a number from 0.1 to 604800
Timeout 0
    Timeout 0: must be from 1 to 3600000
Timeout "long"
    Timeout "long": expected a number from 1 to 3600000
Host ""
    Host "": must not be empty
Host 7
    Host 7: expected one string in quotes
Metadata "some"
    Metadata "some": expected one of none, ids, all
MaxConnections 0
    MaxConnections 0: must be from 1 to 64
MaxConnections 2.5
    MaxConnections 2.5: expected a whole number
MaxConnections 100000
    MaxConnections 100000: must be from 1 to 64
MaxRequestRate -1
    MaxRequestRate -1: must be from 0 to 100000
MaxRequestRate "fast"
    MaxRequestRate "fast": expected a number from 0 to 100000
MaxSeries -1
    MaxSeries -1: must be from 0 to 1000000000
MaxSeries 0.5
    MaxSeries 0.5: expected a whole number
MaxSeries "many"
    MaxSeries "many": expected a number from 0 to 1000000000
Meter "image.sice"
    Meter "image.sice": no such meter; near it: image.size, image.age
Meter "nothing.like.it"
    Meter "nothing.like.it": no such meter
Meter ""
    Meter "": must not be empty
Meter "!"
    Meter "!": has no pattern to exclude
Meter "!image.sice"
    Meter "!image.sice": no such meter; near it: image.size, image.age
Meter "volums.service.*"
    Meter "volums.service.*": no such meter; near it: volume.service.health,
    volume.service.enabled, volume.service.frozen,
    volume.service.down.by_binary
Meter 3
    Meter 3: expected one string in quotes
Meter "image"; Meter "!image"
    Meter: the patterns leave no meter
Meter "radosgw.objects"
    radosgw meters need RadosGWAccessKey and RadosGWSecretKey
Meter "radosgw.*"
    Meter: the patterns leave no meter; radosgw meters need RadosGWAccessKey
    and RadosGWSecretKey
Project ""
    Project "": must not be empty
Project 4
    Project 4: expected one string in quotes
Project "!"
    Project "!": has no pattern to exclude
Domain "!"
    Domain "!": has no pattern to exclude
Domain "a" "b"
    Domain "a": expected one string in quotes
IgnoreDisabledProjects "often"
    IgnoreDisabledProjects "often": expected true or false
RadosGWAccessKey "key"
    RadosGWAccessKey needs RadosGWSecretKey or RadosGWSecretKeyFile
RadosGWSecretKey "rgw-secret"
    RadosGWAccessKey is missing
HostnameFormat ""
    HostnameFormat "": there is no word in it
HostnameFormat 1
    HostnameFormat 1: expected words in quotes
HostnameFormat "cloud nmae"
    HostnameFormat "cloud nmae": no such word: "nmae"; the words are cloud,
    region, meter, id, name, project, project_name, domain_name, user,
    resource_type, {@owner}, {@owner_name}, {field}
PluginInstanceFormat "id id id id id id id id id"
    PluginInstanceFormat "id id id id id id id id id": more than 8 words
PluginInstanceFormat "id" "typ"
    PluginInstanceFormat "id": no such word: "typ"; the words are cloud,
    region, meter, id, name, project, project_name, domain_name, user,
    resource_type, {@owner}, {@owner_name}, {field}
PluginInstanceFormat "id {status"
    PluginInstanceFormat "id {status": a brace that does not close
TypeInstanceFormat "name"
    TypeInstanceFormat: one of the formats must have the word meter, or
    meters could not be told apart
OSCloud "prod"; ConfigFile "/nonexistent/clouds.yaml"
    ConfigFile "/nonexistent/clouds.yaml": cannot be read: No such file or
    directory
AuthUrll "x"
    AuthUrll (hidden): no such option; did you mean AuthURL?
Host "a"; Host "b"
    Host "b": given twice
Host "a" "b"
    Host "a": expected one string in quotes
<Metre "image">; </Metre>
    Metre (hidden): no such option; did you mean Meter?
<Host "a">; Interval 3; </Host>
    Host "a": is an option, not a block
<Meter>; Interval 3; </Meter>
    Meter: needs one pattern in quotes
<Meter "">; Interval 3; </Meter>
    Meter "": needs one pattern in quotes
<Meter "image.sizes">; Interval 3; </Meter>
    Meter "image.sizes": no such meter; near it: image.size
<Meter "radosgw.objects">; Interval 3; </Meter>
    <Meter "radosgw.objects">: no chosen meter matches; the line Meter
            "radosgw.objects" chooses
Meter "image"; <Meter "image.size">; Interval 3; </Meter>
    <Meter "image.size">: no chosen meter matches; the line Meter "image.size"
            chooses
<Meter "image">; Intervall 3; </Meter>
    <Meter "image">: Intervall (hidden): no such option; did you mean
    Interval?
<Meter "image">; Interval 0; </Meter>
    <Meter "image">: Interval 0: must be from 0.1 to 604800
<Meter "image">; Interval 3; Interval 4; </Meter>
    <Meter "image">: Interval 4: given twice
<Meter "image">; Type 1; </Meter>
    <Meter "image">: Type 1: expected one string in quotes
<Meter "image">; Aggregate "average"; </Meter>
    <Meter "image">: Aggregate "average": expected one of none, count, sum,
    min, max
<Meter "image">; Aggregate "sum"; </Meter>
    <Meter "image">: Value is missing
<Meter "image.size">; GroupBy "owner"; </Meter>
    <Meter "image.size">: GroupBy needs Aggregate
<Meter "image.size">; Aggregate "sum"; GroupBy "a..b"; </Meter>
    <Meter "image.size">: path "a..b": a name is missing or its quote does
    not close
<Meter "image">; MaxSeries -1; </Meter>
    <Meter "image">: MaxSeries -1: must be from 0 to 1000000000
<Meter "image">; HostnameFormat "hots"; </Meter>
    <Meter "image">: HostnameFormat "hots": no such word: "hots"; the words
    are cloud, region, meter, id, name, project, project_name,
    domain_name, user, resource_type, {@owner}, {@owner_name}, {field}
<Meter "image">; TypeInstanceFormat "id"; </Meter>
    TypeInstanceFormat: one of the formats must have the word meter, or
    meters could not be told apart
<Meter "image">; Metadata "many"; </Meter>
    <Meter "image">: Metadata "many": expected one of none, ids, all
<Meter "image">; Value "size"; </Meter>
    <Meter "image">: Value (hidden): no such option
"""

LISTING = r"""
-Paging
    Paging is missing: "none" if one answer has all records
Path "v2/things"
    Path must begin with "/"
Path "/v2/{thing}"
    Path: only {project}, {owner}, {prefix} and {uid} are filled in
Path "/v2/{project}"
    Scope "project" and a {project} or {uid} in Path go together
Scope "project"
    Scope "project" and a {project} or {uid} in Path go together
Scope "domain"
    Scope "domain": expected one of cloud, project, owner
Auth "basic"
    Auth "basic": expected one of token, s3, none
Paging "pages"
    Paging "pages": expected one of none, link, links, marker, offset
Paging "link"
    Next and Paging "link" or "links" go together
Next "next"
    Next and Paging "link" or "links" go together
Paging "marker"
    Marker and Paging "marker" go together
Marker "id"
    Marker and Paging "marker" go together
Total "count"
    Total and TotalHeader need Paging "marker" or "offset"
Paging "link"; Next "a..b"
    path "a..b": a name is missing or its quote does not close
Record "things["
    path "things[": a name is missing or its quote does not close
ID "a b["
    path "a b[": a name is missing or its quote does not close
Name "a..b"
    path "a..b": a name is missing or its quote does not close
MetadataField ""
    MetadataField "": must not be empty
Microversion "3.63"
    Microversion: expected a header and a number, as in
    "OpenStack-API-Version: volume 3.63"
Microversion "OpenStack-API-Version: volume latest"
    Microversion: expected a header and a number, as in
    "OpenStack-API-Version: volume 3.63"
Header "X-A"
    Header: expected "Name: value"
Header "X-Auth-Token: t"
    Header: the token is ours to send
Header "A: 1"; Header "B: 1"; Header "C: 1"; Header "D: 1"; Header "E: 1"
    more than 4 Header
Role "admin"
    Role and WithoutRole go together
ID "{@projec}"
    field "@projec": a name with a brace, or a "@" at its beginning, stands
    in quotes; only @key, @value and, in ID, Name, GroupBy and formats, {@project},
    {@owner} and {@owner_name} are known
User "{name}"
    field "{name}": a name with a brace, or a "@" at its beginning, stands in
    quotes; only @key, @value and, in ID, Name, GroupBy and formats, {@project},
    {@owner} and {@owner_name} are known
Record "a.b.c.d.e.f.g.h.i.j[]"; Name "n.m"
    path "n.m": more than 12 steps, with those of the record
Path "/v2/a b"
    Path: blanks, "#" and control bytes must be percent-encoded
Header "X_Auth_Token: t"
    Header: the token is ours to send
Absent 200
    Absent 200: must be from 400 to 499
Absent "gone"
    Absent "gone": expected a number from 400 to 499
Fields "some"
    Fields "some": expected true or false
Servise "image"
    Servise (hidden): no such option; did you mean Service?
-Service
    Service is missing
-Path
    Path is missing
-Record
    Record is missing: ID, Paging, Truncated, Owners and Fields need one
-ID
    ID is missing
"""

METER = r"""
Listing "imagse"
    Listing "imagse": no such listing
-Listing
    Listing is missing
Of "page"
    Of "page": expected one of record, headers, answer, request
Of "headers"; Value "X-Count"
    Value: names of headers are in lower case
Of "answer"
    Of "answer" needs a Value
Value "size +"
    meter "own": expression "size +": expected a number or a field at ""
Value "foo(size)"
    meter "own": expression "foo(size)": no such function before the bracket
    at "size)"
Value "a..b"
    meter "own": path "a..b": a name is missing or its quote does not close
State "up"
    State "up": expected a string in quotes and a number
State "" 1
    State "": must not be empty
State "up" "1"
    State "up": expected a string in quotes and a number
State "up" 1
    Value is missing
State "up" 1; State "UP" 2; Value "status"
    State or SkipState "up": given twice
Value "1_000"
    meter "own": expression "1_000": no number (a name that begins with a
    digit is quoted) at "1_000"
Of "headers"; Value "sum(x-count)"
    sum() and count() are of lists; headers have none
OtherState 4
    OtherState needs State
OtherState "four"
    OtherState "four": expected a number from -1.79769313486232e+308 to
    1.79769313486232e+308
State "up" 1; Value "status"; Skip 3
    Skip is of numbers, SkipState of states
State "up" 1; Value "size + 1"
    State needs one field as Value
SkipState 4
    SkipState 4: expected one string in quotes
Skip "four"
    Skip "four": expected a number from -1.79769313486232e+308 to
    1.79769313486232e+308
Skip -1
    Value is missing
Aggregate "total"
    Aggregate "total": expected one of none, count, sum, min, max
Aggregate "sum"
    Value is missing
GroupBy "owner"
    GroupBy needs Aggregate
Interval 5
    Interval (hidden): no such option
"""

# In <Plugin openstack> itself, behind a <Cloud "prod">.
PLUGIN = r"""
Wrokers 4
    <Plugin openstack>: Wrokers (hidden): no such option; did you mean
    Workers?
Workers 0
    <Plugin openstack>: Workers 0: must be from 1 to 64
Workers "four"
    <Plugin openstack>: Workers "four": expected a number from 1 to 64
Workers 1.5
    <Plugin openstack>: Workers 1.5: expected a whole number
Workers 100000
    <Plugin openstack>: Workers 100000: must be from 1 to 64
Workers true
    <Plugin openstack>: Workers true: expected a number from 1 to 64
<Cloud>; Interval 3; </Cloud>
    <Cloud>: needs one name in quotes: <Cloud "prod">
<Cloud "a" "b">; </Cloud>
    <Cloud>: needs one name in quotes: <Cloud "prod">
<Cloud "prod">; </Cloud>
    <Cloud "prod">: there are two of this name
<Cloud "pr/od">; AuthURL "http://k"; Token "t"; </Cloud>; <Cloud "pr_od">; </Cloud>
    <Cloud "pr_od">: its values would be called as those of <Cloud "pr/od">
<Listing>; Path "/v1"; </Listing>
    <Listing>: needs one name in quotes
<Listing "own things">; </Listing>
    <Listing "own things">: a name has up to 50 of the characters A-Z a-z
    0-9 . _ : @ -
<Listing "images">; </Listing>
    <Listing "images">: there is one of this name
<Meter>; Value "a"; </Meter>
    <Meter>: needs one name in quotes
<Meter "own/meter">; </Meter>
    <Meter "own/meter">: a name has up to 50 of the characters A-Z a-z 0-9 .
    _ : @ -
<Meter "image">; </Meter>
    <Meter "image">: there is one of this name; in a <Cloud> such a block
    changes a meter
"""


def table(text):
    rows = []
    for line in text.replace("{file}", some_file).replace(
            "{folder}", folder).strip().splitlines():
        if line.startswith(" "):
            rows[-1][1].append(line.strip())
        else:
            rows.append((line, []))
    return [(row, " ".join(message)) for row, message in rows]


def changed(kind, name, row):
    """A good block of that kind with a row's lines in it."""
    lines = [line.strip() for line in row.split(";")]
    new = [line for line in lines if not line.startswith("-")]
    gone = {line.split()[0].lstrip("-") for line in lines}
    kept = {key: value for key, value in GOOD[kind].items()
            if key not in gone and ("*" not in gone or key == "AuthURL")}
    return block(kind, name, kept, new)


def start(config):
    """(did the daemon refuse it, what it said of it)"""
    text = Daemon(config=config).run("-T")[1]
    lines = re.findall(r"\[error\] openstack plugin: (.*)", text)
    log = "\n".join(l for l in text.splitlines() if "PUTVAL" not in l)
    return ("Parsing the config file failed" in text or
            "plugin init callbacks failed" in text), lines, log


# A name that nothing has may come in a later file: it is known at init alone.
UNKNOWN = ("no such meter", "no such listing", "the patterns leave no meter",
           "no chosen meter matches")


def refused(name, config, message):
    bad, lines, text = start(config)
    at_init = any(part in message for part in UNKNOWN)
    bad = bad and ("Parsing the config file failed" in text) == (not at_init)
    ok(bad, name + ": stops the " + ("plugin" if at_init else "start"), text)
    is_(lines, ["config: " + message], "... and says why, in one line")


def accepted(name, config):
    bad, _, text = start(config)
    ok(not bad, name + ": is accepted", text)


def keys(**changes):
    return plugin(cloud("prod", **dict(BASE, **changes)))


for row, message in table(CLOUD):
    refused(row, plugin(changed("Cloud", "prod", row)),
            '<Cloud "prod">: ' + message)
for kind, text in ("Listing", LISTING), ("Meter", METER):
    for row, message in table(text):
        refused(kind + " " + row, plugin(
            changed(kind, "own", row), cloud("prod", **BASE)),
                '<%s "own">: %s' % (kind, message))
for row, message in table(PLUGIN):
    refused(row, plugin(cloud("prod", **BASE), *row.split("; ")), message)

# And what is right: an unreachable Keystone is no mistake of the operator.
accepted("an unreachable Keystone", keys())
accepted("keys in any case", keys().replace("AuthURL", "authurl"))
accepted("all keys", keys(
    UserDomainName="Default", ProjectDomainID="default",
    Region=["RegionOne", "RegionTwo"], Interface="internal", Interval=300,
    Timeout=30000, Host="prod", Metadata="all", MaxConnections=4,
    MaxRequestRate=50, MaxSeries=1000, VerifyPeer=True, VerifyHost=False,
    HostnameFormat="cloud region", PluginInstanceFormat="project_name name",
    TypeInstanceFormat="meter", Project="!service", Domain="Default",
    Meter=["image", "volume.*", "!volume.provider.*"]))
accepted("two clouds", plugin(cloud("a", **BASE), cloud("b", **BASE)))
bad, errors, text = start(plugin(cloud("a", **dict(BASE, Host="h")),
                                 cloud("b", **dict(BASE, Host="h"))))
ok(not bad, "two clouds of one host: is accepted", text)
like(text, r'\[warning\] openstack plugin: config: <Cloud "b">: its values have '
     'the host of those of <Cloud "a">', "... with a warning")
MANY = [block("Meter", "m%d" % i, {"Listing": "images", "Value": "f%d + g%d" % (i, i)}, [])
        for i in range(60)]
refused("60 meters on one listing", plugin(
    *MANY, cloud("prod", **BASE)),
        '<Cloud "prod">: listing "images": more than 112 fields; leave out '
        'meters or give some another Interval')
accepted("a meter in a later block", plugin(cloud("a", **dict(
    BASE, Meter="mine"))) + "\n" + plugin(
        block("Meter", "mine", {"Listing": "images", "Value": "size"}, [])))
refused("a relative path", plugin(cloud("prod", **dict(
    BASE, CACert="ca.pem"))), '<Cloud "prod">: CACert "ca.pem": must be an '
        'absolute path: the daemon changes its folder')
accepted("two blocks", plugin(cloud("a", **BASE)) + "\n" +
         plugin(cloud("b", **BASE)))
done()
