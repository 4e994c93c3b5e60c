#!/usr/bin/python3
"""Polling cycles of the ceilometer-agent-central that Debian ships.

  central_agent.py CONFIG CYCLES

The manager, its pollsters and its discoveries run unmodified; only the
notifier, which would send to a message bus, is replaced.  Prints the samples
of the last cycle, how many requests it took, by port, and what it cost, as JSON.
"""
import collections
import http.client
import json
import os
import sys
import time

from ceilometer import service
from ceilometer.polling import manager

requests = collections.Counter()
samples = []


class Notifier:
    def sample(self, context, event, payload):
        samples.extend(payload['samples'])


def count_requests():
    """where they leave the process"""
    put = http.client.HTTPConnection.putrequest

    def putrequest(self, method, url, *args, **kw):
        requests[self.port] += 1
        return put(self, method, url, *args, **kw)
    http.client.HTTPConnection.putrequest = putrequest


def peak_kib():
    with open('/proc/self/status') as file:
        return next(int(line.split()[1]) for line in file
                    if line.startswith('VmHWM:'))


def main(config, cycles):
    count_requests()
    conf = service.prepare_service(['ceilometer-polling'], [config])
    agent = manager.AgentManager(0, conf, ['central'])
    agent.notifier = Notifier()
    agent.polling_manager = manager.PollingManager(conf)
    tasks = agent.setup_polling_tasks()
    for _ in range(int(cycles)):
        samples.clear()
        requests.clear()
        begin, cpu = time.monotonic(), time.process_time()
        for task in tasks.values():
            agent.interval_task(task)
    json.dump({'samples': samples, 'requests': requests,
               'seconds': time.monotonic() - begin,
               'cpu_seconds': time.process_time() - cpu,
               'peak_kib': peak_kib()}, sys.stdout)
    sys.stdout.flush()
    os._exit(0)     # it leaves threads behind


if __name__ == '__main__':
    main(*sys.argv[1:])
