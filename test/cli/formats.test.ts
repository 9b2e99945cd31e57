import Ajv2020 from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkoutsProject } from './checkouts-project';

const shop = checkoutsProject();

const schema = (name: string): object =>
  JSON.parse(readFileSync(resolve(__dirname, '../../docs/schemas', `${name}.schema.json`), 'utf8')) as object;

describe('--format json', () => {
  it.each([
    ['check', 2, { findings: 2, steps: 0 }],
    ['plan', 0, { findings: 2, steps: 3 }],
  ])('%s is one document', async (command, code, { findings, steps }) => {
    const told = await shop.fkGuard([command, '--format', 'json']);
    expect(told).toMatchObject({ code, err: '' });
    const document = JSON.parse(told.out) as Record<string, unknown>;
    expect(document).toMatchObject({
      schemaVersion: 1,
      command,
      tool: { name: 'sequelize-fk-guard' },
      database: { name: shop.database.name },
      errors: [],
    });
    expect(document['findings']).toHaveLength(findings);
    expect(document['steps']).toHaveLength(steps);
  });

  it('apply keeps its progress off the document', async () => {
    const told = await shop.fkGuard(['apply', '--yes', '--accept-data-loss', '--format=json']);
    expect(told.code).toBe(0);
    expect(told.err).toContain('checkouts');
    expect(JSON.parse(told.out)).toMatchObject({
      command: 'apply',
      summary: { status: 'repaired', rowsDeleted: 3, rowsQuarantined: 3 },
    });
  });

  it('is a document also when it failed, and goes to a file when asked to', async () => {
    const refused = await shop.fkGuard(['apply', '--format', 'json']);
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.out)).toMatchObject({
      command: 'apply',
      database: null,
      findings: [],
      steps: [],
      errors: [{ code: 'CONSENT' }],
    });
    expect(JSON.parse((await shop.fkGuard(['chek', '--format', 'json'])).out)).toMatchObject({
      command: 'chek',
      errors: [{ code: 'USAGE' }],
    });
    const told = await shop.fkGuard(['check', '--format', 'json', '--output', 'report.json']);
    expect(told).toEqual({ ...(await shop.fkGuard(['check'])), code: 2 });
    expect(JSON.parse(readFileSync(join(shop.project.directory, 'report.json'), 'utf8'))).toMatchObject({
      command: 'check',
    });
  });
});

describe('other forms', () => {
  const isEvent = new Ajv2020({ strict: false }).addSchema(schema('document')).compile(schema('event'));

  it('ndjson tells what happens, line by line, and ends with the document', async () => {
    const { code, out } = await shop.fkGuard(['apply', '--yes', '--accept-data-loss', '--format', 'ndjson']);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    for (const event of events) expect([event, isEvent(event)]).toEqual([event, true]);
    expect(events.map(({ event }) => event)).toEqual([
      'start',
      ...['step', 'stepDone', 'step', 'progress', 'stepDone', 'step', 'stepDone'],
      'end',
    ]);
    expect(events.at(-1)).toMatchObject({
      document: { exitCode: code, summary: { status: 'repaired', rowsDeleted: 3 } },
    });
  });

  it('ndjson ends with the error when it fails', async () => {
    const { code, out } = await shop.fkGuard(['apply', '--yes', '--format', 'ndjson']);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    for (const event of events) expect([event, isEvent(event)]).toEqual([event, true]);
    expect({ code, last: events.at(-1) }).toMatchObject({
      code: 3,
      last: { event: 'end', document: { exitCode: 3, errors: [{ code: 'CONSENT' }] } },
    });
  });

  it('every command writes a document of the published schema', async () => {
    const isDocument = new Ajv2020({ strict: false }).compile(schema('document'));
    const documentOf = async (...argv: string[]) => {
      const document = JSON.parse((await shop.fkGuard([...argv, '--format', 'json'])).out) as {
        summary: { runId?: string } | null;
      };
      expect({ argv, valid: isDocument(document), errors: isDocument.errors }).toEqual({
        argv,
        valid: true,
        errors: null,
      });
      return document;
    };
    await documentOf('chek');
    for (const command of ['status', 'check', 'plan']) await documentOf(command);
    await documentOf('apply', '--dry-run');
    const { summary } = await documentOf('apply', '--yes', '--accept-data-loss');
    for (const command of ['status', 'check', 'verify', 'plan']) await documentOf(command);
    await documentOf('restore', summary?.runId ?? '', '--dry-run');
    await documentOf('restore', 'nobody');
    await documentOf('purge', '--older-than', '1d');
    await documentOf('purge', '--older-than', '0d', '--dry-run');
  });

  it('GitHub gets annotations beside the text, unless they are not wanted', async () => {
    const text = (await shop.fkGuard(['check'])).out;
    const env = { GITHUB_ACTIONS: 'true' };
    const told = await shop.fkGuard(['check', '-o', 'sarif=a.sarif', '-o', 'markdown=a.md'], { env });
    expect(told.code).toBe(2);
    expect(told.out.slice(0, text.length)).toBe(text);
    expect(told.out.slice(text.length).split('\n')).toEqual([
      expect.stringMatching(
        /^::error file=fk-guard\.config\.json,line=1,title=orphaned-rows%3A public\.checkouts\.user_id::3 rows/,
      ),
      expect.stringMatching(/^::error file=fk-guard\.config\.json,line=1,title=missing-foreign-key/),
      '',
    ]);
    expect(JSON.parse(readFileSync(join(shop.project.directory, 'a.sarif'), 'utf8'))).toMatchObject({
      version: '2.1.0',
    });
    expect(readFileSync(join(shop.project.directory, 'a.md'), 'utf8')).toContain(
      '### Foreign keys: 2 errors',
    );
    expect((await shop.fkGuard(['check', '--no-annotations'], { env })).out).toBe(text);
    expect(JSON.parse((await shop.fkGuard(['check', '--format', 'json'], { env })).out)).toMatchObject({
      exitCode: 2,
    });
  });

  it('a model is pointed at where it is written, on the line of its column', async () => {
    shop.project.write({
      'models/checkout.js': `const { DataTypes } = require('sequelize');
exports.Checkout = (sequelize) => {
  exports.Checkout = sequelize.define('Checkout', { user_id: {
    type: DataTypes.INTEGER } }, { tableName: 'checkouts', timestamps: false });
  return exports.Checkout;
};
`,
      'fk-guard.config.js': `const { Sequelize } = require('sequelize');
const sequelize = new Sequelize(${JSON.stringify(shop.database.url)}, { logging: false });
const User = sequelize.define('User', {}, { tableName: 'users', timestamps: false });
require('./models/checkout').Checkout(sequelize).belongsTo(User, { foreignKey: 'user_id', onDelete: 'CASCADE' });
module.exports = { sequelize };
`,
    });
    const { out } = await shop.fkGuard(['check', '--config', 'fk-guard.config.js', '--format', 'github']);
    expect(out).toMatch(
      /^::error file=models\/checkout\.js,line=3,title=orphaned-rows%3A Checkout\.user_id::/m,
    );
  });

  it('a baseline lets a build pass until something new comes', async () => {
    const accept = ['check', '--baseline', 'b.json', '--write-baseline', '--because', 'Release 4 mends it.'];
    expect(await shop.fkGuard(accept)).toMatchObject({ code: 0, err: '' });
    expect(await shop.fkGuard(['check', '--baseline', 'b.json'])).toMatchObject({ code: 0 });
    await shop.database.query('insert into checkouts values (77, 77)');
    const worse = await shop.fkGuard(['check', '--baseline', 'b.json']);
    expect(worse.code).toBe(2);
    expect(worse.out).toContain('accepted with 3 rows, has 4');
    const sarif = JSON.parse(
      (await shop.fkGuard(['check', '--baseline', 'b.json', '--format', 'sarif'])).out,
    ) as unknown;
    expect(sarif).toMatchObject({
      runs: [
        {
          results: [
            { baselineState: 'new' },
            { baselineState: 'unchanged', suppressions: [{ kind: 'external' }] },
          ],
        },
      ],
    });
    shop.project.write({ 'b.json': '{}' });
    expect(await shop.fkGuard(['check', '--baseline', 'b.json'])).toMatchObject({ code: 78 });
  });
});
