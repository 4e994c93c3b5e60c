#!/usr/bin/python3
"""Services of the real cloud in one process each, their code unmodified.

  serve.py swift ROLE CONFIG      a Swift server with our own swift.conf
  serve.py swift_updater CONFIG   one pass of the container updater
  serve.py cinder|manila|designate|nova|heat|trove --config-file FILE
      the API and the daemons behind it (scheduler, volume, central...): the
      fake:// transport of oslo.messaging joins only what shares its memory
"""
import os
import sys


def swift_conf(conf):
    import swift.common.utils
    swift.common.utils.SWIFT_CONF_FILE = os.path.join(
        os.path.dirname(conf), 'swift.conf')


def swift(role, conf):
    swift_conf(conf)
    from swift.common.wsgi import run_wsgi
    return run_wsgi(conf, role + '-server', verbose=True)


def swift_updater(conf):
    """the containers' counts reach the accounts"""
    swift_conf(conf)
    from swift.common.daemon import run_daemon
    from swift.container.updater import ContainerUpdater
    run_daemon(ContainerUpdater, conf, once=True)


def patch():
    """what every OpenStack daemon does first"""
    import eventlet
    eventlet.monkey_patch()
    import __original_module_threading as original
    import threading
    original.current_thread.__globals__['_active'] = threading._active


def launch(conf, services):
    import eventlet
    from oslo_service import service
    launcher = service.ServiceLauncher(conf)
    for s in services:
        launcher.launch_service(s)
        # the scheduler must listen before the backends tell what they have
        for _ in range(100):
            if getattr(s, 'rpcserver', None) or not hasattr(s, 'manager'):
                break
            eventlet.sleep(0.1)
    launcher.wait()


def cinder(*args):
    patch()
    from cinder import coordination, i18n, objects, rpc, service, version
    from cinder.common import config
    from oslo_config import cfg
    from oslo_log import log
    i18n.enable_lazy()
    conf = cfg.CONF
    objects.register_all()
    conf.register_opt(cfg.StrOpt('cluster'))
    conf(args, project='cinder', version=version.version_string())
    config.set_middleware_defaults()
    log.setup(conf, 'cinder')
    coordination.COORDINATOR.start()
    rpc.init(conf)

    # service_id belongs to the class, one for a process: without this only
    # the last service would say that it lives
    report = service.Service.report_state

    def report_state(self):
        service.Service.service_id = self.origin_service_id
        return report(self)
    service.Service.report_state = report_state

    def volume(backend):
        return service.Service.create(
            host='%s@%s' % (conf.host, backend), service_name=backend,
            binary='cinder-volume', coordination=True)
    launch(conf, [service.Service.create(binary='cinder-scheduler')] +
           [volume(b) for b in conf.enabled_backends] +
           [service.WSGIService('osapi_volume')])


def manila(*args):
    patch()
    from manila import rpc, service, version
    from manila.common import config
    from oslo_config import cfg
    from oslo_log import log
    conf = cfg.CONF
    log.register_options(conf)
    conf(args, project='manila', version=version.version_string())
    config.verify_share_protocols()
    log.setup(conf, 'manila')
    rpc.init(conf)

    def share(backend):
        return service.Service.create(
            host='%s@%s' % (conf.host, backend), service_name=backend,
            binary='manila-share', coordination=True)
    launch(conf, [service.Service.create(binary='manila-scheduler')] +
           [share(b) for b in conf.enabled_share_backends] +
           [service.WSGIService('osapi_share')])


def designate(*args):
    patch()
    import designate.conf
    from designate import utils
    from oslo_config import cfg
    from oslo_log import log
    conf = designate.conf.CONF
    cfg.CONF.import_group('keystone_authtoken',
                          'keystonemiddleware.auth_token')
    for module, group in (('designate.api', 'service:api'),
                          ('designate.central', 'service:central')):
        conf.import_opt('workers', module, group=group)
    utils.read_config('designate', ['designate', *args])
    log.setup(conf, 'designate')
    from designate.api import service as api
    from designate.central import service as central
    launch(conf, [central.Service(), api.Service()])


def nova(*args):
    patch()
    from nova import config, objects, service
    from nova.conductor import rpcapi as conductor
    from nova.scheduler import rpcapi as scheduler
    from oslo_config import cfg
    from oslo_log import log
    config.parse_args(['nova', *args])
    log.setup(cfg.CONF, 'nova')
    objects.register_all()
    objects.Service.enable_min_version_cache()
    launch(cfg.CONF, [
        service.Service.create(binary='nova-conductor',
                               topic=conductor.RPC_TOPIC),
        service.Service.create(binary='nova-scheduler',
                               topic=scheduler.RPC_TOPIC),
        service.WSGIService('osapi_compute')])


def heat(*args):
    patch()
    from heat.common import config, messaging, wsgi
    from heat.engine import service as engine, template
    from heat.rpc import api
    from oslo_config import cfg
    from oslo_log import log
    conf = cfg.CONF
    log.register_options(conf)
    conf(args, project='heat', prog='heat-api')
    log.setup(conf, 'heat')
    config.set_config_defaults()
    messaging.setup()
    template._get_template_extension_manager()
    server = wsgi.Server('heat-api', conf.heat_api)
    server.start(config.load_paste_app(), default_port=conf.heat_api.bind_port)
    launch(conf, [engine.EngineService(conf.host, api.ENGINE_TOPIC)])


def trove(*args):
    patch()
    from trove.cmd.common import initialize
    from trove.common import cfg, wsgi
    sys.argv = ['trove', *args]
    conf = initialize()
    cfg.set_api_config_defaults()
    wsgi.launch('trove', conf.bind_port, conf.api_paste_config,
                host=conf.bind_host, workers=1).wait()


if __name__ == '__main__':
    sys.exit(globals()[sys.argv[1]](*sys.argv[2:]))
