import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../booknexus/build';
import { createReadyProject } from '../cli/ready-project';
import { BLOCKS, DOCUMENTS, ROOT } from '../docs/markdown';
import { followed, PRINTED, RUN } from '../docs/session';
import { createDatabase } from '../postgres/database';

/** As `npm run docs:outputs` does it for what BookNexus prints. */
const rewrite = process.env['FK_GUARD_WRITE_OUTPUTS'] === '1';

beforeAll(() => {
  build();
  const facade = spawnSync(process.execPath, [join(ROOT, 'scripts/write-esm-facade.mjs')], {
    encoding: 'utf8',
  });
  if (facade.status !== 0) throw new Error(facade.stderr);
}, 120_000);

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
    expect(outputs.map(({ real }) => real)).toEqual(
      outputs.map(({ block, real }) => (rewrite ? real : block.text)),
    );
    expect(outputs.length).toBeGreaterThan(0);
  } finally {
    project.remove();
    await database.drop();
  }
});

test('no output stands in a document that nobody runs', () => {
  const run = new Set(documents.map(({ file }) => file));
  expect(BLOCKS.filter(({ file, name }) => name === PRINTED && !run.has(file))).toEqual([]);
});
