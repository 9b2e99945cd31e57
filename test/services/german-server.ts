import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTemplate, dropRun, SERVER_VARIABLE, TEMPLATE_VARIABLE } from '../postgres/database';
import { cleanUpAtExit, startEmbedded } from '../postgres/embedded';
import { makeScratch, removeScratch } from '../postgres/sweep';
import { VERSION_VARIABLE } from '../postgres/version';

/** Where Debian puts PostgreSQL 15, and the words that it needs for German: npm's binaries have English only. */
const DEBIAN = '/usr/lib/postgresql/15';
const WORDS = '/usr/share/locale/de/LC_MESSAGES/postgres-15.mo';

export const LANGUAGE = 'de_DE.UTF-8';

/**
 * Starts Debian's PostgreSQL 15, as any user and in a directory of its own, so that it speaks German; from then on the
 * databases of this test file are made on it. The locale is made here as well: nothing of the system is changed.
 */
export async function startGermanServer(): Promise<() => Promise<void>> {
  for (const file of [join(DEBIAN, 'bin', 'initdb'), WORDS])
    if (!existsSync(file)) throw new Error(`${file} is missing: apt-get install postgresql-15 locales`);
  const locales = makeScratch();
  const forget = cleanUpAtExit(locales);
  execFileSync('localedef', ['-i', 'de_DE', '-f', 'UTF-8', join(locales, LANGUAGE)]);
  process.env['LOCPATH'] = locales;
  const server = await startEmbedded(DEBIAN);
  // Not the server's own setting: whoever starts it waits for English words in its log.
  await asAdmin(server.url, `alter role all set lc_messages = '${LANGUAGE}'`);
  const template = await createTemplate(server.url);
  const before = [SERVER_VARIABLE, TEMPLATE_VARIABLE, VERSION_VARIABLE].map((name) => [
    name,
    process.env[name],
  ]);
  process.env[SERVER_VARIABLE] = server.url;
  process.env[TEMPLATE_VARIABLE] = template;
  process.env[VERSION_VARIABLE] = '150000';
  return async () => {
    for (const [name = '', value] of before) process.env[name] = value;
    await dropRun(server.url, template);
    await server.stop();
    removeScratch(locales);
    forget();
  };
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
