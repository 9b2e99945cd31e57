import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReadyProject } from '../cli/ready-project';
import { COMPLETE, ran } from '../docs/complete';
import { BLOCKS, DOCUMENTS, placeOf, ROOT } from '../docs/markdown';
import { followed, PRINTED, RUN } from '../docs/session';
import { createDatabase } from '../postgres/database';

/** As `npm run docs:outputs` does it for what BookNexus prints. */
const rewrite = process.env['FK_GUARD_WRITE_OUTPUTS'] === '1';

const documents = DOCUMENTS.filter(({ blocks }) => blocks.some(({ name }) => name === RUN));

test.each(documents)('$file can be followed to the letter', async ({ file, blocks }) => {
  const database = await createDatabase('document');
  const project = createReadyProject();
  try {
    const outputs = followed(blocks, project, database);
    if (rewrite)
      for (const { block, real } of outputs) {
        const path = join(ROOT, file);
        const fenced = (text: string): string => `\`\`\`text ${PRINTED}\n${text}\n\`\`\``;
        writeFileSync(
          path,
          readFileSync(path, 'utf8').replace(fenced(block.text), () => fenced(real)),
        );
      }
    expect(outputs.length).toBeGreaterThan(0);
    const shown = outputs.map(({ block, real }) => (rewrite ? real : block.text));
    expect(outputs.map(({ real }) => real)).toEqual(shown);
  } finally {
    project.remove();
    await database.drop();
  }
});

test('no output stands in a document that nobody runs', () => {
  const run = new Set(documents.map(({ file }) => file));
  expect(BLOCKS.filter(({ file, name }) => name === PRINTED && !run.has(file))).toEqual([]);
});

/** The guard's own: a short program has no models yet, or no index below its key. */
const isAdvice = (line: string): boolean =>
  line === '' ||
  line.startsWith('(Use `node --trace-warnings') ||
  /fk-guard: (unindexed-foreign-key|sync\(\) found no models)/.test(line);

test('there are complete programs', () => expect(COMPLETE.length).toBeGreaterThan(4));

test.each(COMPLETE.map((block) => [placeOf(block), block] as const))('%s runs', async (_place, block) => {
  const database = await createDatabase('program');
  try {
    // What a program takes from elsewhere: getting started has its users in step 1.
    await database.query('create table "Users" (id integer primary key)');
    const { status, err } = ran(block, database.url);
    expect({ status, err: err.split('\n').filter((line) => !isAdvice(line)) }).toEqual({
      status: 0,
      err: [],
    });
  } finally {
    await database.drop();
  }
});
