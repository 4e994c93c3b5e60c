"""Drivers without storage behind them, for whichever of Cinder and Manila
has been imported.  A volume or share whose name begins with "fail" ends in
error.
"""
import sys

POOLS = (   # name, total, free, provisioned, state
    ('pool-a', 1000.5, 842.25, 157.0, 'up'),
    ('pool_b.1', 500, 3.999, 2600, 'up'),   # nearly full, over-provisioned
    ('empty', 40, 40, 0, 'down'),
    ('unknown', 'unknown', 'unknown', 0, None),
    ('infinite', 'infinite', 'infinite', 0, 'up'),
)


def pools(prefix):
    for name, total, free, provisioned, state in POOLS:
        yield {'pool_name': prefix + name, 'total_capacity_gb': total,
               'free_capacity_gb': free,
               'provisioned_capacity_gb': provisioned,
               'allocated_capacity_gb': 12, 'reserved_percentage': 5,
               'thin_provisioning_support': True,
               'thick_provisioning_support': False,
               'max_over_subscription_ratio': '20.0', 'multiattach': True,
               'QoS_support': False, 'filter_function': None,
               'goodness_function': None,
               **({'backend_state': state} if state else {})}


if 'cinder' in sys.modules:
    from cinder import exception
    from cinder.volume import driver

    class VolumeDriver(driver.VolumeDriver):
        VERSION = '1.0'
        CI_WIKI_NAME = 'none'

        def _update_volume_stats(self):
            name = self.configuration.safe_get('volume_backend_name')
            self._stats = {
                'volume_backend_name': name, 'vendor_name': 'none',
                'driver_version': self.VERSION, 'storage_protocol': 'fake',
                'pools': list(pools(name + '-'))}

        def get_volume_stats(self, refresh=False):
            if refresh or not self._stats:
                self._update_volume_stats()
            return self._stats

        def create_volume(self, volume):
            if (volume.display_name or '').startswith('fail'):
                raise exception.VolumeBackendAPIException(data='as told')

        def _nothing(self, *args, **kwargs):
            pass

        check_for_setup_error = create_snapshot = delete_snapshot = _nothing
        create_volume_from_snapshot = create_cloned_volume = _nothing
        delete_volume = extend_volume = _nothing
        create_export = ensure_export = remove_export = _nothing

if 'manila' in sys.modules:
    from manila import exception as manila_exception
    from manila.share import driver as manila_driver

    class ShareDriver(manila_driver.ShareDriver):
        def __init__(self, *args, **kwargs):
            super().__init__(False, *args, **kwargs)

        def _update_share_stats(self, data=None):
            super()._update_share_stats({
                'share_backend_name': 'back', 'vendor_name': 'none',
                'storage_protocol': 'NFS_CIFS', 'snapshot_support': True,
                'pools': [{'pool_name': p['pool_name'],
                           'total_capacity_gb': p['total_capacity_gb'],
                           'free_capacity_gb': p['free_capacity_gb'],
                           'allocated_capacity_gb': 12,
                           'provisioned_capacity_gb': 100,
                           'max_over_subscription_ratio': '20.0',
                           'reserved_percentage': 5,
                           'reserved_snapshot_percentage': 5,
                           'reserved_share_extend_percentage': 5}
                          for p in list(pools('share-'))[:4]]})

        def create_share(self, context, share, share_server=None):
            if (share['display_name'] or '').startswith('fail'):
                raise manila_exception.ShareBackendException(msg='as told')
            return ['127.0.0.1:/%s' % share['id']]

        def _nothing(self, *args, **kwargs):
            pass

        check_for_setup_error = delete_share = ensure_share = _nothing
        create_snapshot = delete_snapshot = _nothing
        update_access = allow_access = deny_access = _nothing
