import Ajv2020 from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from '../../src/cli/run';
import { createProject, type Project } from '../cli/program';
import { recordedIo } from '../cli/streams';
import { connect } from '../quarantine/setup';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { breakTenant, createShared, createTenant } from './setup';

const foreignKeys = [
  { child: 'cities(countryId)', parent: 'countries(id)', onDelete: 'CASCADE', onUpdate: 'CASCADE' },
  { child: 'orders(userId)', parent: 'users(id)', onDelete: 'CASCADE', onUpdate: 'CASCADE' },
];

let database: TestDatabase;
let project: Project;
beforeEach(async () => {
  database = await createDatabase('tenants');
  await createShared(database);
  for (const schema of ['tenant_a', 'tenant_b', 'tenant_c']) await createTenant(database, schema);
  await breakTenant(database, 'tenant_a', 2);
  await breakTenant(database, 'tenant_c', 3);
  configure({ schemas: ['tenant_*'] });
});
afterEach(async () => {
  project.remove();
  await database.drop();
});

function configure(options: object): void {
  project = createProject({
    'fk-guard.config.json': JSON.stringify({ url: database.url, foreignKeys, options }),
  });
}

const isDocument = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(resolve(__dirname, '../../docs/schemas/document.schema.json'), 'utf8')) as object,
);

async function fkGuard(...argv: string[]) {
  const io = recordedIo({ cwd: project.directory });
  const code = await run(argv, io);
  return { code, out: io.out(), err: io.err() };
}

async function json(...argv: string[]) {
  const { code, out } = await fkGuard(...argv, '--format', 'json');
  const document = JSON.parse(out) as Record<string, unknown>;
  expect(isDocument(document) ? [] : isDocument.errors).toEqual([]);
  return { code, document };
}

it('checks, plans into a file, applies that file, and checks again', async () => {
  const looked = await fkGuard('check');
  expect(looked.code).toBe(2);
  expect(looked.out).toContain('3 tenants, 1 of them healthy.');
  expect(looked.out).toContain('tenant_c.orders');
  expect((await json('check')).document).toMatchObject({ tenants: { total: 3, healthy: 1, failed: [] } });
  expect((await json('plan', '--out', 'plan.json')).document).toMatchObject({
    summary: { steps: 6, rowsToDelete: 5 },
    tenants: { total: 3, failed: [] },
  });
  await database.query('delete from tenant_c.users where id = 20');
  const applied = await json('apply', 'plan.json', '--yes', '--accept-data-loss');
  expect(applied.code).toBe(3);
  expect(applied.document).toMatchObject({
    summary: { status: 'refused', rowsDeleted: 2 },
    tenants: {
      total: 3,
      failed: [{ schema: 'tenant_c', error: { code: 'PLAN_STALE' } }],
      runs: [{ schema: 'tenant_a', status: 'repaired', rowsDeleted: 2 }],
    },
  });
  const rest = await fkGuard('apply', '--yes', '--accept-data-loss');
  expect(rest.code).toBe(0);
  expect(rest.out).toMatch(/tenant_c: copies of 4 rows, put back by fk-guard restore [\w-]+/);
  expect((await fkGuard('verify')).code).toBe(0);
});

it('is no success where a tenant could not be looked at', async () => {
  project.remove();
  configure({ schemas: ['tenant_*'], statementTimeout: '1500ms', concurrency: 1, exclude: ['cities'] });
  await database.query('drop schema tenant_a cascade');
  const holder = await connect(database.url);
  await holder.query('begin; lock table tenant_c.orders in access exclusive mode');
  const looked = await json('check');
  const planned = await fkGuard('plan');
  await holder.end();
  expect(looked.code).toBe(1);
  expect(looked.document).toMatchObject({
    tenants: { total: 2, healthy: 1, failed: [{ schema: 'tenant_c', error: { code: 'SQL' } }] },
  });
  expect(planned.code).toBe(1);
  expect(planned.out).toContain('tenant_c');
});
