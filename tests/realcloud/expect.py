"""What the plugin has to write, from what the APIs list.

Every function gives {(meter, identifier): number as collectd prints it}.
"""
import re

LONGEST = 127


def identifier(id_):
    """a resource's id as it is in a collectd identifier"""
    raw = id_.encode()
    return re.sub(rb'[^A-Za-z0-9._:@-]', b'_', raw).decode()


def number(n):
    return '%.6f' % n


def pages_of_images(client, query='limit=100'):
    """the lists, one for each page; next is a path"""
    path, pages = '/v2/images?' + query, []
    while path:
        answer = client.get('image', path)
        pages.append(answer['images'])
        path = answer.get('next')
    return pages


def images(client):
    want = {}
    for image in sum(pages_of_images(client), []):
        id_ = identifier(image['id'])
        want['image', id_] = number(1)
        if image['size'] is not None:
            want['image.size', id_] = number(image['size'])
    return want
