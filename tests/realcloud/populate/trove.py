"""Database instances in all states but one, some in a cluster, one deleted.
(The list is an error while one has the task LOGGING, as Zed's Trove knows no
status of that name.)"""
import os
import sys

from cloud import DIR, Client

from populate import NAMES, projects, uid, wait
from populate.nova import an_image


def server(client):
    """one of Nova's, which Trove finds as its own user"""
    wait('a flavor', lambda: 'f0' in [x['id'] for x in client.get(
        'compute', '/v2.1/flavors')['flavors']])
    wait('an image', lambda: an_image(client))
    return Client('trove', 'service').post('compute', '/v2.1/servers', {
        'server': {'name': 'status', 'imageRef': an_image(client),
                   'flavorRef': 'f0', 'networks': 'none'}},
        headers={'X-OpenStack-Nova-API-Version': '2.37'})['server']['id']


def fill(client):
    from trove.cmd.common import initialize
    sys.argv = ['trove', '--config-file',
                os.path.join(DIR, 'etc/trove/trove.conf')]
    initialize()
    from trove.datastore import models as datastore
    from trove.instance import models, service_status
    from trove.instance.tasks import InstanceTasks as tasks
    ids, has = projects(client), server(client)
    mysql = datastore.DBDatastore.create(name='mysql')
    version = datastore.DBDatastoreVersion.create(
        datastore_id=mysql.id, name='8.0', version='8.0', manager='mysql',
        image_id=uid('image', 0), packages='', active=True)
    for n, task in enumerate((
            tasks.NONE, tasks.BUILDING, tasks.REBOOTING, tasks.RESIZING,
            tasks.BUILDING_ERROR_SERVER, tasks.RESTART_REQUIRED,
            tasks.UPGRADING, tasks.PROMOTING, tasks.EJECTING, tasks.DETACHING,
            tasks.NONE, tasks.NONE, tasks.DELETING)):
        x = models.DBInstance.create(
            name=NAMES[n], tenant_id=ids[n % 4], flavor_id='f1',
            volume_size=n or None, task_status=task,
            datastore_version_id=version.id,
            compute_instance_id=has if n == 1 else None, region_id='RegionOne',
            cluster_id=uid('database cluster', 0) if n in (10, 11) else None,
            shard_id=None, hostname='db%d.example' % n,
            access={'is_public': False, 'allowed_cidrs': []})
        models.InstanceServiceStatus.create(
            instance_id=x.id, status=service_status.ServiceStatuses.HEALTHY)
        if n == 12:
            x.delete()
