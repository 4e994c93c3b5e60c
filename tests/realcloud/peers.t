#!/usr/bin/python3
# services: keystone glance swift cinder neutron radosgw ceilometer
# by name only
"""What a cycle of the real services costs: tests/peers/peers --real, with 1000
more of what Ceilometer lists. Its rounds go into peers.json in the build folder;
PEERS: what else it takes.

That all have seen the same is ceilometer.t's to say: here only how much it is.
"""
import collections
import os
import shlex
import subprocess
import sys

from cloud import Client
from ctl import Identity
from populate import many
import tap

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path += [os.path.join(TESTS, folder) for folder in ('integration', 'peers')]
from harness import PASSWORD    # cloudsim's
from rounds import Rounds

ROUNDS = os.path.join(os.environ['top_builddir'], 'peers.json')


def user():
    """whom the programs of the bench log in as"""
    known = Identity(Client())
    known.grant(known.named('user', 'collectd', domain_id='default',
                            password=PASSWORD),
                'projects/' + known.named('project', 'service'),
                'admin', 'service', 'ResellerAdmin')


def main():
    user()
    many.fill(Client('poller', 'service'))
    run = subprocess.run([os.path.join(TESTS, 'peers/peers'), ROUNDS, '--real',
                          *shlex.split(os.environ.get('PEERS', ''))])
    tap.is_(run.returncode, 0, 'peers')
    seen = collections.defaultdict(set)
    for line in Rounds(ROUNDS).rounds:
        if line.get('real') and line.get('ended', True):
            seen[line['kind'], line['who']].add(line['samples'])
    for (kind, who), samples in seen.items():
        tap.is_(len(samples), 1, '%s, %s: %s samples' % (kind, who, samples))
    for kind in 'volumes', 'floating IPs', 'accounts':
        tap.is_(seen[kind, 'plugin'], seen[kind, 'ceilometer'],
                kind + ': as many by both')
    tap.done()


if __name__ == '__main__':
    main()
