"""Test Anything Protocol, as much of it as is needed here."""
import sys

count = failed = 0


def ok(good, name, *why):
    """why: lines that are printed when it is not good"""
    global count, failed
    count += 1
    print('%s %d - %s' % ('ok' if good else 'not ok', count,
                          name.replace('#', '_')), flush=True)
    if not good:
        failed += 1
        for line in why:
            note(line)
    return bool(good)


def is_(got, want, name):
    return ok(got == want, name, 'got:  %r' % (got,), 'want: %r' % (want,))


def note(text):
    for line in str(text).split('\n'):
        print('# ' + line, flush=True)


def same(got, want, name, limit=8):
    """two dictionaries are equal; the first differences are said"""
    keys = sorted(set(got) | set(want), key=str)
    wrong = [k for k in keys if got.get(k) != want.get(k)]
    why = ['%s: got %r, want %r' % (k, got.get(k), want.get(k))
           for k in wrong[:limit]]
    return ok(want and not wrong, '%s (%d)' % (name, len(want)),
              'wrong: %d of %d' % (len(wrong), len(keys)), *why)


def done():
    print('1..%d' % count, flush=True)
    sys.exit(failed != 0)
