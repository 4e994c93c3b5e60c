"""What a query of contrib/grafana must bring, from collectd's values alone: by
other code than any store's."""
import math

from queries import (COUNT, Bottom, Down, Each, Percent, Seldom, Sum, SumPercent,
                     Top, Usual, split)


def by_resource(values, value):
    """{plugin instance: number}, of the newest values"""
    kind, meter = split(value)
    return {v.instance: float(v.value) for v in values
            if (v.type, v.meter) == (kind, meter)}


def answer(query, values):
    """{resource: number}; what is added up is under None"""
    if isinstance(query, (Top, Bottom)):
        found = answer(query.query, values)
        order = sorted(found.items(), key=lambda pair: pair[1],
                       reverse=isinstance(query, Top))
        return dict(order[:COUNT])
    got = by_resource(values, query.value)
    if isinstance(query, Each):
        return got
    if isinstance(query, (Usual, Seldom)):
        return {name: number for name, number in got.items()
                if ("@" in name) == isinstance(query, Seldom)}
    if isinstance(query, Sum):
        return {None: sum(got.values())} if got else {}
    if isinstance(query, Down):
        return {None: sum(1 - number for number in got.values())} if got else {}
    whole = {name: number for name, number in
             by_resource(values, query.whole).items() if number > 0}
    if isinstance(query, Percent):
        return {name: 100 * number / whole[name]
                for name, number in got.items() if name in whole}
    if not got or not whole:
        return {}
    return {None: 100 * sum(got.values()) / sum(whole.values())}


def close(a, b):
    """csv, where values are from, prints six decimals."""
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


def is_right(query, got, values, known_as=lambda name: name):
    """(is it what the values make it, what that is). Top and Bottom may differ in
    which they show of those that are equal. known_as: a resource's name there"""
    wanted = {known_as(name): number
              for name, number in answer(query, values).items()}
    if len(got) != len(wanted) or not all(map(
            close, sorted(got.values()), sorted(wanted.values()))):
        return False, wanted
    every = answer(getattr(query, "query", query), values)
    every = {known_as(name): number for name, number in every.items()}
    return all(name in every and close(number, every[name])
               for name, number in got.items()), wanted
