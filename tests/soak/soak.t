#!/usr/bin/python3
"""A long run with faults sprinkled in: memory, descriptors, threads stay flat.

CYCLES (2000) rounds of a walk, by default each of 0.2 s; "make soak". What is
flat is compared between a tenth of the run and its end.

glibc raises its thresholds with each big block that is freed, and each thread's
arena then keeps a megabyte or two: without the two variables below memory rises
in such steps (14.4 to 16.9 MiB in 2000 cycles), and stays flat with them.
"""

import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "integration"))

from harness import *  # noqa: E402

os.environ["MALLOC_TRIM_THRESHOLD_"] = "131072"
os.environ["MALLOC_MMAP_THRESHOLD_"] = "131072"

CYCLES = int(os.environ.get("CYCLES", "2000"))
INTERVAL = float(os.environ.get("INTERVAL", "0.2")) * PACE
GROWTH = 2048  # KiB that the allocator may still take
FAULTS = ("status 500", "status 503", "status 404", "retry-after 1", "cut 2000",
          "break 2000", "empty-reply", "bad-json", "wrong-types", "link-loop",
          "huge-header 400000", "deep 1000", "restart", "no-length", "hang",
          "latency 300", "redirect http://127.0.0.1:1/", "expire-token",
          "long-string 2000000", "status 401", "gzip-bomb 8", "drip 50")
PLACES = ("/image", "/object-store", "/v3/projects", "/volume")


def state(process):
    """KiB resident, descriptors, threads."""
    folder = "/proc/%d/" % process.pid
    with open(folder + "status", encoding="utf-8") as file:
        fields = dict(line.split(":", 1) for line in file)
    return (int(fields["VmRSS"].split()[0]), len(os.listdir(folder + "fd")),
            int(fields["Threads"]))


def sprinkle(sim, chance):
    """One fault, for a few requests; every second time all is well."""
    if chance.random() < 0.5:
        sim.fault()
    else:
        sim.fault("%s %s after=%d times=%d" % (
            chance.choice(PLACES), chance.choice(FAULTS),
            chance.randrange(4), 1 + chance.randrange(6)))


def main():
    chance = random.Random(4711)
    samples = []
    with Sim("--images", 60, "--page", 20, "--projects", 4,
             "--volumes", 40) as sim:
        with Daemon(cloud("prod", sim, Interval=INTERVAL, Timeout=1000,
                          Metadata="all", MaxRequestRate=0,
                          Meter=["image", "image.*", "volume.size*",
                                 "storage.objects*"])) as daemon:
            def cycles():
                return len(daemon.walks())

            wanted = sim.expected("image", "image.size")
            due = CYCLES // 40
            while cycles() < CYCLES and daemon.alive():
                if not daemon.wait(lambda: cycles() >= due, 180):
                    break
                due = cycles() + max(CYCLES // 40, 1)
                samples.append((cycles(),) + state(daemon.process))
                note("%d cycles: %d KiB, %d descriptors, %d threads" %
                     samples[-1])
                for _ in range(5):
                    sprinkle(sim, chance)
                    time.sleep(INTERVAL * 4)
            ok(cycles() >= CYCLES, "%d cycles" % CYCLES, cycles())
            sim.fault()
            ok(daemon.wait(lambda: daemon.cycles("image", "image.size")[-1]
                           == wanted, 60), "the last one is whole")
            wrong = set().union(
                *daemon.cycles("image", "image.size")) - wanted
            is_(wrong, set(), "there was no wrong value")
            up = [w["up"] for w in daemon.walks()]
            note("%d of %d walks of images were whole" % (
                up.count("1"), len(up)))
            ok(up.count("0") > 0, "there were faults")
    late = samples[len(samples) // 10:]
    memory, descriptors, threads = (
        [sample[i] for sample in late] for i in (1, 2, 3))
    ok(max(memory) - memory[0] <= GROWTH, "memory is flat", memory)
    ok(max(descriptors[len(descriptors) // 2:]) <= max(
        descriptors[:len(descriptors) // 2]) + 2, "so are descriptors",
       descriptors)
    is_(len(set(threads)), 1, "and threads")
    done()


main()
