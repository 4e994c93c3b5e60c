"""Stacks in all statuses, of all projects but two, more than a page; engines
that run, have ended, are of another host"""
from populate import (DISABLED, UNUSED, owners, projects, sql, sql_many, uid,
                      wait)

TEMPLATE = {'heat_template_version': '2018-08-31',
            'resources': {'nothing': {'type': 'OS::Heat::None'}}}
ACTIONS = ('INIT CREATE DELETE UPDATE ROLLBACK SUSPEND RESUME ADOPT SNAPSHOT '
           'CHECK').split()
STATUSES = 'COMPLETE IN_PROGRESS FAILED'.split()
MANY = 1010     # a page has 1000


def fill(client):
    user = owners()[1]
    user.login()
    path = '/v1/%s/stacks' % user.project_id
    made = user.post('orchestration', path, {
        'stack_name': 'real', 'template': TEMPLATE})['stack']['id']
    wait('a stack', lambda: user.get('orchestration', '%s?id=%s' % (
        path, made))['stacks'][0]['stack_status'] == 'CREATE_COMPLETE')
    copies(client, made)
    engines()


def copies(client, made):
    """of the row that Heat has made"""
    used = [p for n, p in enumerate(projects(client))
            if n not in (DISABLED, UNUSED)]
    columns = [x[1] for x in sql('heat', 'pragma table_info(stack)')]
    row = dict(zip(columns, sql('heat', 'select * from stack where id=?',
                                made)[0]))
    rows = []
    for n in range(MANY):
        row.update(id=uid('stack', n), tenant=used[n % len(used)],
                   name='stack_%d.%s' % (n, 'x' * (n % 200)),
                   action=ACTIONS[n % len(ACTIONS)],
                   status=STATUSES[n // len(ACTIONS) % len(STATUSES)],
                   username=None if n % 3 else 'jürgen')
        rows.append(tuple(row.values()))
    sql_many('heat', 'insert into stack (%s) values (%s)' % (
        ', '.join('"%s"' % c for c in row), ', '.join('?' * len(row))), rows)


def engines():
    for n, host in enumerate(('heat1', 'heat1', 'heat2')):
        sql('heat', 'insert into service (id, engine_id, host, hostname, '
            '"binary", topic, report_interval, created_at, updated_at) '
            'values (?, ?, ?, ?, "heat-engine", "engine", ?, '
            '"2020-01-01 00:00:00", "2020-01-01 00:00:00")',
            uid('engine', n), uid('engine id', n), host, host,
            1000000000 if n == 1 else 60)     # seconds: is up for ever
