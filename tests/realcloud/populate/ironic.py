"""Nodes in all states, some in maintenance, broken, used; conductors that live
and that do not: by Ironic's own objects, as a conductor makes them"""
import os

from cloud import DIR

from populate import NAMES, projects, sql, uid

STATES = (
    'enroll', 'verifying', 'manageable', 'available', 'active', 'deploying',
    'wait call-back', 'deploy failed', 'cleaning', 'clean wait', 'clean failed',
    'inspecting', 'inspect wait', 'inspect failed', 'deleting', 'error',
    'rescue', 'rescuing', 'rescue failed', 'adopting', 'adopt failed',
    'available', 'available', 'active', 'deleted', 'unrescuing', 'rescue wait',
    'rebuild', 'unrescue failed', 'servicing')
POWER = ('power on', 'power off', None, 'error', 'rebooting')


def fill(client):
    from ironic import objects
    from ironic.common import context, service
    service.prepare_command(['ironic', '--config-file', os.path.join(
        DIR, 'etc/ironic/ironic.conf')])
    objects.register_all()
    ctx, ids = context.get_admin_context(), projects(client)
    for n in range(9):      # more than a page
        objects.Conductor.register(ctx, 'conductor%d.example' % n, ['fake'],
                                   'rack-1' if n % 2 else '')
    sql('ironic', 'update conductors set updated_at="2020-01-01 00:00:00" '
        'where id in (2, 5)')
    for n, state in enumerate(STATES):
        used = state in ('active', 'rescue') or n == 21
        objects.Node(
            ctx, uuid=uid('node', n), name='node-%d.example' % n if n else None,
            driver='fake', provision_state=state, power_state=POWER[n % 5],
            maintenance=n % 4 == 1,
            fault='power failure' if n % 8 == 1 else None,
            instance_uuid=uid('instance', n) if used else None,
            resource_class=(None, 'baré "1"', 'gold')[n % 3],
            owner=ids[n % 4] if n % 5 else None,
            description=NAMES[n % len(NAMES)],
            conductor_group='rack-1' if n % 2 else '').create()
