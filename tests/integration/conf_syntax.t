#!/usr/bin/python3
"""The command's parser of collectd.conf beside collectd's own: the real daemon
reads each file below tests/ and says what it made of it."""

import glob

from harness import *

TREE = find("TREE", "tests/command/tree")
PLUGIN = find("DUMP_SO", "tests/command/.libs/libdump.so")

# What a file of this tree must not have.
MADE = {"crlf": b'Text "lines"\r\n<Block>\r\n  Key 1\r\n</Block>\r\n',
        "no_newline": b"Key 1",
        "tabs": b'<A>\n\tKey\t"tab"\t# comment\n</A>\n'}
folder = scratch()
for name, content in MADE.items():
    with open(os.path.join(folder, name + ".conf"), "wb") as file:
        file.write(content)
files = sorted(glob.glob(os.path.join(ROOT, "tests", "**", "*.conf"),
                         recursive=True)) + \
    sorted(glob.glob(os.path.join(ROOT, "collectd.conf.d", "*.conf"))) + \
    sorted(glob.glob(os.path.join(folder, "*.conf"))) + \
    sorted(glob.glob(os.path.join(ROOT, "contrib", "**", "*.conf"),
                     recursive=True))


def trees(text):
    """The tree of each file."""
    found = {}
    for part in text.decode(errors="surrogateescape").split("== ")[1:]:
        name, _, tree = part.partition("\n")
        found[name] = tree
    return found


def daemon_trees(files):
    """What collectd's parser makes of them. (-t would not even load plugins.)"""
    folder = scratch()
    shutil.copy(PLUGIN, os.path.join(folder, "dump.so"))
    output = os.path.join(folder, "output")
    with open(os.path.join(folder, "conf"), "w") as conf:
        conf.write('PluginDir "%s"\nTypesDB "%s"\nBaseDir "%s"\n'
                   'LoadPlugin dump\n<Plugin dump>\n  Output "%s"\n%s'
                   '</Plugin>\n' % (
                       folder, TYPESDB, folder, output,
                       "".join('  File "%s"\n' % name for name in files)))
    subprocess.run([COLLECTD, "-T", "-C", conf.name], stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env=dict(os.environ, **(sanitizer_environment(folder)
                                           if SANITIZER else {})),
                   timeout=60 * SLOW)
    with open(output, "rb") as file:
        return trees(file.read())


got = trees(subprocess.run([TREE] + files, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL).stdout)
# What its scanner has not read of a file that it refuses comes before the next.
refused = [name for name in files if got.get(name) == "refused\n"]
wanted = daemon_trees([name for name in files if name not in refused])
for name in refused:
    wanted.update(daemon_trees([name]))
ok(len(wanted) == len(files) > 20 and len(refused) >= 5,
   "the daemon has read all files, also those that are to be refused",
   "%d of %d; %s" % (len(wanted), len(files), refused))
for name in files:
    is_(got.get(name), wanted.get(name), os.path.basename(name))
done()
