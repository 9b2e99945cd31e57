import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainForeignKeyError, type ForeignKeyExplanation } from 'sequelize-fk-guard';
import { connect } from '../../app/database';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { demoLibrary } from '../runtime/impact/demo-library';
import type { FkGuard } from '../../src/guard';
import { BLOCKS, DOCUMENTS, inLanguage, ROOT, type Block } from './markdown';
import { ERRORS, saidTo, sqlFault, TABLES_OF_ERRORS } from './sql';
import { steadyGuard } from './steady-guard';
import { cutLike, printed, shownIn, textOf, type Shown } from './transcript';

/** `npm run docs:outputs` writes what is printed into the documents, instead of comparing it. */
const rewrite = process.env['FK_GUARD_WRITE_OUTPUTS'] === '1';

const transcripts = DOCUMENTS.map(({ file, blocks }) => ({
  file,
  blocks: blocks.filter(({ language, name }) => language === 'text' && name === 'booknexus'),
})).filter(({ blocks }) => blocks.length > 0);

/** Works on BookNexus as the demo breaks it. */
async function onBrokenLibrary<T>(work: (guard: FkGuard, database: TestDatabase) => Promise<T>): Promise<T> {
  const database = await createDatabase('docs');
  try {
    const library = await demoLibrary(database);
    try {
      await library.damage();
      return await work(steadyGuard(library.guard), database);
    } finally {
      await library.close();
    }
  } finally {
    await database.drop();
  }
}

/** The commands of a document, one after the other. */
const played = (blocks: readonly Block[]): Promise<readonly string[]> =>
  onBrokenLibrary(async (guard) => {
    const texts: string[] = [];
    for (const { text } of blocks) {
      const shown: Shown[] = [];
      for (const one of shownIn(text)) {
        const words = /^npx fk-guard (.+)$/.exec(one.command)?.[1];
        if (words === undefined) throw new Error(`Only fk-guard is run here: ${one.command}`);
        shown.push(cutLike(one, await printed(words, guard)));
      }
      texts.push(textOf(shown));
    }
    return texts;
  });

function write(file: string, blocks: readonly Block[], texts: readonly string[]): void {
  const path = join(ROOT, file);
  const fenced = (text: string): string => `\`\`\`text booknexus\n${text}\n\`\`\``;
  const updated = blocks.reduce(
    (text, block, at) => text.replace(fenced(block.text), () => fenced(texts[at] ?? '')),
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, updated);
}

test('some documents show what BookNexus prints', () => {
  expect(transcripts.map(({ file }) => file)).toEqual(['README.md', 'docs/production-runbook.md']);
});

test.each(transcripts)('$file shows it as it is (npm run docs:outputs)', async ({ file, blocks }) => {
  const texts = await played(blocks);
  const shown = blocks.map(({ text }) => text);
  if (rewrite) write(file, blocks, texts);
  expect(rewrite ? texts : shown).toEqual(texts);
});

describe('on BookNexus as the guard has repaired it', () => {
  let faults: readonly string[];
  let told: ForeignKeyExplanation | undefined;
  beforeAll(async () => {
    await onBrokenLibrary(async (guard, database) => {
      await guard.apply();
      await database.query('create table parent (id integer); create table child (parent_id integer)');
      const found: (string | undefined)[] = [];
      for (const block of inLanguage('sql')) found.push(await sqlFault(block, database));
      faults = found.filter((fault) => fault !== undefined);
      told = await explained(database.url);
    });
  });

  test('every SQL block runs', () => expect(faults).toEqual([]));

  test('the README says what explainForeignKeyError says of a user who is gone', () => {
    const shown = BLOCKS.find(({ text }) => text.includes('await explainForeignKeyError('));
    expect(shown?.text.split('\n').at(-1)).toBe(`// ${told?.message}`);
  });
});

async function explained(url: string): Promise<ForeignKeyExplanation | undefined> {
  const { sequelize, models } = connect(url);
  try {
    const checkout = models.Checkout.create({ userId: 4, bookId: 1, dueAt: new Date() });
    return await explainForeignKeyError(await checkout.catch((reason: unknown) => reason), sequelize);
  } finally {
    await sequelize.close();
  }
}

test('the errors that people search for are in the words of PostgreSQL', async () => {
  const database = await createDatabase('docs_errors');
  try {
    await database.query(TABLES_OF_ERRORS);
    const said = await saidTo(ERRORS, database);
    const shown = BLOCKS.filter(({ language, name }) => language === 'text' && name === 'postgresql');
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.flatMap(({ text }) => text.split('\n')).filter((line) => !said.includes(line))).toEqual([]);
  } finally {
    await database.drop();
  }
});
