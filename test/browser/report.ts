import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../../src/cli/run';
import { recordedIo } from '../cli/streams';
import { createDatabase, type TestDatabase } from '../postgres/database';

/** Pictures go here, for a person to look at. */
export const FOLDER = process.env['FK_GUARD_PICTURES'] ?? mkdtempSync(join(tmpdir(), 'fk-guard-browser-'));

/** A database with something wrong, and what `fk-guard report` makes of it. */
export interface Reported {
  readonly database: TestDatabase;
  /** Writes the page anew and returns its address. */
  report(...flags: readonly string[]): Promise<string>;
  fkGuard(...argv: readonly string[]): Promise<{ readonly code: number; readonly err: string }>;
}

/** `make` fills the database and says which keys are declared. */
export async function reported(
  name: string,
  make: (database: TestDatabase) => Promise<readonly object[]>,
): Promise<Reported> {
  const database = await createDatabase('browser');
  const foreignKeys = await make(database);
  const config = join(FOLDER, `${name}.config.json`);
  writeFileSync(config, JSON.stringify({ url: database.url, foreignKeys }));
  const file = join(FOLDER, `${name}.html`);
  const fkGuard: Reported['fkGuard'] = async (...argv) => {
    const io = recordedIo({ cwd: FOLDER });
    const code = await run([...argv, '--config', config], io);
    return { code, err: io.err() };
  };
  return {
    database,
    fkGuard,
    async report(...flags) {
      const ended = await fkGuard('report', '--out', file, ...flags);
      if (ended.code !== 0) throw new Error(ended.err);
      return pathToFileURL(file).href;
    },
  };
}
