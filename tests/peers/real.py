"""The real services that tests/realcloud runs, as peers asks a cloudsim."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "realcloud"))
from access import Access  # noqa: E402
from cloud import AUTH_URL  # noqa: E402
from daemon import RADOSGW  # noqa: E402
from expect import CENTRAL  # noqa: E402


class Real:
    url, keys, meters = AUTH_URL, RADOSGW, sorted(CENTRAL)
    ceilometer = """[service_types]
radosgw = %(RadosGWServiceType)s
[rgw_admin_credentials]
access_key = %(RadosGWAccessKey)s
secret_key = %(RadosGWSecretKey)s
""" % RADOSGW

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def zero(self):
        self.access = Access()

    def counts(self, found):
        """What a program says of itself; of the plugin what the services log,
        who do not count bytes"""
        if "requests" in found:
            return {"requests": found["requests"], "bytes": found.get("bytes")}
        return {"requests": sum(self.access.counts().values()), "bytes": None}
