import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Result } from '../../src/cli/command';
import { COMMANDS } from '../../src/cli/commands';
import { paintFor } from '../../src/cli/paint';
import { run } from '../../src/cli/run';
import type { TestDatabase } from '../postgres/database';
import { createLibrary, inState, STATES, type State } from './golden-states';
import { createProject, type Project } from './program';
import { recordedIo } from './streams';

/** `FK_GUARD_GOLDEN=write` writes the files anew; a person has to read what changed. */
const WRITE = process.env['FK_GUARD_GOLDEN'] === 'write';
const WIDTHS = [80, 120] as const;

/** Each on the database that those before it have left; `RUN` is the last one in the ledger. */
const ASKED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'print-config': [['check', '--print-config']],
  check: [['check']],
  plan: [['plan']],
  impact: [['impact', 'User', '1']],
  report: [['report']],
  migration: [['migration', 'fix-library']],
  init: [['init', '--dry-run']],
  apply: [['apply', '--yes', '--accept-data-loss']],
  verify: [['verify']],
  status: [['status']],
  restore: [['restore', 'RUN', '--dry-run']],
  purge: [['purge', '--older-than', '30d']],
};

/** Told of the broken database alone, before what all are asked. */
const MORE: typeof ASKED = {
  impact: [['impact', 'User', '999']],
  apply: [['apply']],
  restore: [['restore', 'RUN', '--schema', '--dry-run']],
  purge: [['purge', '--older-than', '30d', '--dry-run']],
};

let project: Project;
const databases: TestDatabase[] = [];
/** By command and width: what every state has said, one after the other. */
const said = new Map<string, string>();

beforeAll(async () => {
  const library = await createLibrary();
  project = createProject({
    'fk-guard.config.js': `const { Sequelize } = require('sequelize');
const { defineModels } = require(${JSON.stringify(resolve(__dirname, '../../models'))});
module.exports = async () => {
  const sequelize = new Sequelize(process.env.BOOKNEXUS_URL, { logging: false });
  defineModels(sequelize);
  return sequelize;
};
`,
  });
  databases.push(library);
  // What took how long would decide where a line is broken.
  jest.spyOn(performance, 'now').mockReturnValue(0);
  keepResults();
  for (const state of STATES) await tellAll(library, state);
}, 60_000);
afterAll(async () => {
  delete process.env['BOOKNEXUS_URL'];
  project.remove();
  for (const database of databases) await database.drop();
});

async function tellAll(library: TestDatabase, state: State): Promise<void> {
  const database = await inState(library, state);
  databases.push(database);
  for (const [command, usual] of Object.entries(ASKED)) {
    if (command === 'purge') await grownOld(database);
    const more = state === 'broken' ? (MORE[command] ?? []) : [];
    for (const argv of [...more, ...usual]) await tell(command, argv, state, database);
  }
}

/** One run for both widths: what it came to is set a second time at 80 columns. Stderr is shown beside the wider one. */
async function tell(
  command: string,
  argv: readonly string[],
  state: State,
  database: TestDatabase,
): Promise<void> {
  process.env['BOOKNEXUS_URL'] = database.url;
  const runId = await lastRun(database);
  const given = argv.map((word) => (word === 'RUN' ? runId : word));
  results.length = 0;
  const io = recordedIo({ cwd: project.directory, env: { COLUMNS: '120' } });
  const code = await run(given, io);
  for (const width of WIDTHS) {
    const out = width === 120 ? io.out() : (results.at(-1)?.text(paintFor(false)) ?? io.out());
    const err = width === 120 ? io.err() : '';
    const shown = [
      `=== ${state}: fk-guard ${given.join(' ')}`,
      ...(err === '' ? [] : ['--- stderr', err.trimEnd()]),
      ...(out === '' ? [] : ['--- stdout', out.trimEnd()]),
      `--- exit ${code}\n\n`,
    ].join('\n');
    const name = `${command}.${width}.txt`;
    said.set(name, (said.get(name) ?? '') + withoutAccidents(shown, database));
  }
}

/** What the commands came to, the last one at the end. */
const results: Result[] = [];

function keepResults(): void {
  for (const command of COMMANDS) {
    const keep = (made: Result): Result => {
      results.push(made);
      return made;
    };
    if ('run' in command) {
      const real = command.run.bind(command);
      jest.spyOn(command, 'run').mockImplementation((context) => real(context).then(keep));
    } else {
      const real = command.alone.bind(command);
      jest.spyOn(command, 'alone').mockImplementation((context) => real(context).then(keep));
    }
  }
}

async function grownOld(database: TestDatabase): Promise<void> {
  if ((await lastRun(database)) !== 'none')
    await database.query(`update fk_guard.quarantine set taken_at = taken_at - interval '40 days'`);
}

async function lastRun(database: TestDatabase): Promise<string> {
  const [there] = await database.query<{ found: boolean }>(
    `select to_regclass('fk_guard.run') is not null as found`,
  );
  if (!there?.found) return 'none';
  const [last] = await database.query<{ id: string }>(
    'select id from fk_guard.run order by started_at desc limit 1',
  );
  return last?.id ?? 'none';
}

/** What differs from run to run has a name instead. */
const withoutAccidents = (text: string, { name }: TestDatabase): string =>
  text
    .replaceAll(name, '<database>')
    .replaceAll(project.directory, '<project>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<run>')
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '<time>')
    .replace(/\b\d{14}-/g, '<timestamp>-')
    .replace(/\b\d[\d,.]* (?:ms|s)\b/g, '<duration>')
    .replace(/\b[\d.]+ (?:kB|MB|bytes)\b/g, '<size>')
    .replace(/(127\.0\.0\.1|localhost) \d+ /g, '<host> <port> ')
    .replace(/(on|@)( ?)(127\.0\.0\.1|localhost)(:\d+)?/g, '$1$2<host>')
    .replace(/PostgreSQL \d+(\.\d+)?/g, 'PostgreSQL <version>');

const NAMES = WIDTHS.flatMap((width) => Object.keys(ASKED).map((command) => `${command}.${width}.txt`));

test.each(NAMES)('%s', (name) => {
  const file = join(__dirname, 'golden', name);
  const now = said.get(name) ?? '';
  if (WRITE) writeFileSync(file, now);
  expect(now).toBe(readFileSync(file, 'utf8'));
});

test.each(NAMES)('%s fits its width: only what is copied is longer', (name) => {
  const width = Number(name.split('.')[1]);
  const shown = readFileSync(join(__dirname, 'golden', name), 'utf8').split('\n');
  const long = shown.filter((line) => line.length > width && !COPIED.test(line));
  expect(long).toEqual([]);
});

/** SQL, paths, commands, an error's one line, and what goes to a log line by line. */
const COPIED = /;$|^fk-guard: |<project>|fk-guard |^(?:Fence|Swap|Validate|Quarantine)/;
