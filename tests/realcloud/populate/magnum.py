"""Clusters in all states, of three node groups; conductors: by Magnum's own
objects, as its conductor makes them"""
import datetime
import os

from cloud import DIR, PASSWORD
from ctl import Identity

from populate import projects, sql, uid

STATES = ('CREATE_IN_PROGRESS', 'CREATE_FAILED', 'CREATE_COMPLETE',
          'UPDATE_IN_PROGRESS', 'UPDATE_FAILED', 'UPDATE_COMPLETE',
          'DELETE_IN_PROGRESS', 'DELETE_FAILED', 'DELETE_COMPLETE',
          'RESUME_COMPLETE', 'RESUME_FAILED', 'RESTORE_COMPLETE',
          'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED', 'ROLLBACK_COMPLETE',
          'SNAPSHOT_COMPLETE', 'CHECK_COMPLETE', 'ADOPT_COMPLETE')
HEALTH = ('HEALTHY', 'UNHEALTHY', 'UNKNOWN', None)
# some of which have the names of members of a cluster
LABELS = {'kube_tag': 'v1.24.9', 'status': 'none', 'node_count': '99'}


def fill(client):
    known = Identity(client)
    domain = known.named('domain', 'magnum')
    known.grant(known.named('user', 'magnum-domain', domain_id=domain,
                            password=PASSWORD), 'domains/' + domain, 'admin')
    client.login()
    clusters(projects(client))


def clusters(ids):
    import magnum.conf
    from magnum import objects
    from magnum.common import context
    magnum.conf.CONF(['--config-file', os.path.join(
        DIR, 'etc/magnum/magnum.conf')], project='magnum')
    ctx = context.make_admin_context()
    template = objects.ClusterTemplate(
        ctx, uuid=uid('template', 0), name='k8s', project_id=ids[0],
        user_id='nobody', image_id='image', coe='kubernetes',
        labels={'kube_tag': 'v1.23.3', 'os': 'fedora'}, tls_disabled=True,
        public=True)
    template.create()
    for n, state in enumerate(STATES):
        cluster(ctx, objects, ids[n % 5], n, state, template.uuid)
    services(ctx, objects)


def cluster(ctx, objects, project, n, state, template):
    id_ = uid('cluster', n)
    objects.Cluster(
        ctx, uuid=id_, name='cluster_%d.x' % n, project_id=project,
        user_id=uid('user', n % 3), cluster_template_id=template,
        status=state, health_status=HEALTH[n % 4], labels=LABELS, keypair='k',
        health_status_reason={'api': 'ok', 'status': 'odd'}, coe_version='v1',
        status_reason='kaputt "é"' if state.endswith('FAILED') else None,
        stack_id=uid('stack', n), create_timeout=60).create()
    for i, (role, nodes) in enumerate((('master', 1 + 2 * (n % 2)),
                                       ('worker', n), ('worker', n % 3))):
        objects.NodeGroup(
            ctx, uuid=uid('nodegroup', 10 * n + i), name='group-%d' % i,
            cluster_id=id_, project_id=project, role=role, node_count=nodes,
            is_default=i < 2, flavor_id='f', image_id='i', labels={},
            status=state).create()


def services(ctx, objects):
    now = str(datetime.datetime.utcnow())
    for n in range(4):
        host, down = 'magnum%d' % n, n == 1
        objects.MagnumService(ctx, host=host, binary='magnum-conductor',
                              disabled=False).create()
        sql('magnum', 'update magnum_service set last_seen_up=?, disabled=?, '
            'disabled_reason=?, forced_down=? where host=?',
            '2020-01-01 00:00:00.0' if down else now, n == 2,
            'kaputt é "2"' if n == 2 else None, n == 3, host)
