/**
 * How long `impact` takes where the referring table has a million rows, with its connection and its look at the catalog.
 * `npm run build && node bench/impact.mjs` prints medians, and the plan of the query that finds the children.
 */
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';

const require = createRequire(import.meta.url);
const { createGuard } = require('../dist/index.js');
const { openStage } = require('../build/app/demo/stage.js');
const { withSql } = require('../build/app/demo/sql.js');

const CHILDREN = 1_000_000;
const TIMES = 30;

const tables = `
  create table parent (id integer primary key);
  create table child (id integer primary key, parent_id integer references parent on delete cascade);
  create table note (id integer primary key, child_id integer references child on delete set null);
  insert into parent select generate_series(1, 100000);
  insert into child select i, 1 + i % 100000 from generate_series(1, ${CHILDREN}) i;
  insert into note select i, 1 + (i * 7) % ${CHILDREN} from generate_series(1, ${CHILDREN}) i;
  create index on child (parent_id); create index on note (child_id)`;

const plan = `explain (analyze, costs off) select p.ctid, c.tableoid, c.ctid
  from only parent p join only child c on p.id = c.parent_id
 where p.ctid = any ((select array[ctid] from parent where id = 4711)::tid[])`;

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(url, work) {
  const times = [];
  for (let time = 0; time < TIMES; time++) {
    const start = performance.now();
    await work(1 + time * 997);
    times.push(performance.now() - start);
  }
  const [shortest, longest] = [Math.min(...times), Math.max(...times)];
  return `${median(times).toFixed(1)} ms (${shortest.toFixed(1)} to ${longest.toFixed(1)} ms)`;
}

const stage = await openStage();
try {
  const url = await stage.create('bench_impact');
  await withSql(url, async (sql) => {
    for (const statement of tables.split(';')) await sql.rows(statement);
    await sql.rows('vacuum analyze');
    const foreignKeys = [{ child: 'public.child(parent_id)', parent: 'public.parent(id)' }];
    const guard = createGuard({ url, foreignKeys }, {});
    const { rowsDeleted, rowsChanged, warnings } = await guard.impact('public.parent', 4711);
    console.log(
      `PostgreSQL ${stage.version}, ${CHILDREN.toLocaleString('en-US')} children, each with an index; load ${loadavg()[0]?.toFixed(1)}`,
    );
    console.log(
      `one parent: ${rowsDeleted} rows deleted, ${rowsChanged} changed, ${warnings.length} warnings`,
    );
    console.log(`impact, all in all: ${await measure(url, (key) => guard.impact('public.parent', key))}`);
    console.log(
      `connecting alone:   ${await measure(url, () => withSql(url, (other) => other.rows('select 1')))}`,
    );
    for (const row of await sql.rows(plan)) console.log(`  ${row['QUERY PLAN']}`);
  });
} finally {
  await stage.close();
}
