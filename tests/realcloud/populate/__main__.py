import importlib
import sys

from cloud import Client

importlib.import_module('populate.' + sys.argv[1]).fill(Client())
