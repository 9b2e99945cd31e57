import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { createGuard, type FkGuardOptions, type GuardSource } from 'sequelize-fk-guard';
import { workflowText } from '../../src/cli/init/workflow';
import { parseArguments } from '../../src/cli/program';
import { commandsIn, commandsInProse, commandsOfData, ofFkGuard, type Words } from './commands';
import { BLOCKS, DOCUMENTS, inLanguage, placeOf, readDocument, ROOT, type Block } from './markdown';

const OTHERS = ['CHANGELOG.md', 'CONTRIBUTING.md'].map(readDocument);
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};

/** Who looks at the blocks of a language; what is not here is looked at by nobody, and must not be. */
const CHECKED_IN: Readonly<Record<string, string>> = {
  ts: 'compiled.test.ts',
  js: 'compiled.test.ts',
  sh: 'here',
  bash: 'here',
  json: 'here',
  yaml: 'here',
  sql: 'booknexus.test.ts',
  text: 'by its name',
};
/** Of `text`: whose words it has. */
const OUTPUTS = ['booknexus', 'postgresql', 'printed'];
/** Programs of others; a new one is looked up before it is written here. */
const PROGRAMS =
  /^(cd|curl|docker|export|git|kubectl|mkdir|node|npm|npx|pm2|psql|pg_dump|pg_restore|rm|sequelize-cli|touch)$/;

test('no block is of a language, or says what nobody looks at', () => {
  const strange = BLOCKS.filter(
    ({ language, name }) => !(language in CHECKED_IN) || (language === 'text' && !OUTPUTS.includes(name)),
  );
  expect(strange.map((block) => `${placeOf(block)} ${block.language} ${block.name}`)).toEqual([]);
});

/** What is wrong with a command line, if anything. */
function fault(words: Words): string | undefined {
  const [program = '', second = '', third = ''] = words;
  const ours = ofFkGuard(words);
  try {
    if (ours) parseArguments(ours);
  } catch (error) {
    return `${words.join(' ')}: ${String(error)}`;
  }
  if (ours) return undefined;
  if (!PROGRAMS.test(program)) return `${words.join(' ')}: what is ${program}?`;
  const script = second === 'run' ? third : second;
  const named = program === 'npm' && ['run', 'test', 'start'].includes(second);
  return named && !(script in scripts) ? `${words.join(' ')}: there is no such script` : undefined;
}

const faults = (block: Block, commands: readonly Words[]): string[] =>
  commands.flatMap((words) => fault(words) ?? []).map((message) => `${placeOf(block)} ${message}`);

test('every command line is one that the program takes', () => {
  const blocks = inLanguage('sh', 'bash');
  expect(blocks.flatMap((block) => faults(block, commandsIn(block.text)))).toEqual([]);
  expect(fault(['npx', 'fk-guard', 'check', '--no-such-flag'])).toContain('unknown option');
});

test('so is every one in running text', () => {
  const told = DOCUMENTS.flatMap(({ file, text, blocks }) =>
    commandsInProse(text, blocks).map((words) => ({ file, message: fault(words) })),
  );
  expect(told.length).toBeGreaterThan(10);
  expect(told.filter(({ message }) => message !== undefined)).toEqual([]);
});

test('YAML and JSON can be read, and their command lines are ours too', () => {
  for (const block of inLanguage('json')) {
    const value: unknown = JSON.parse(block.text);
    expect(faults(block, commandsOfData(value))).toEqual([]);
  }
  for (const block of inLanguage('yaml'))
    for (const document of parseAllDocuments(block.text, { uniqueKeys: true })) {
      expect([placeOf(block), ...document.errors]).toEqual([placeOf(block)]);
      expect(faults(block, commandsOfData(document.toJS()))).toEqual([]);
    }
});

test('the workflow is the one that `fk-guard init --ci` writes', () => {
  expect(inLanguage('yaml').map(({ text }) => `${text}\n`)).toContain(workflowText(true));
});

test('every configuration that is shown is one that the guard takes', () => {
  const shown = inLanguage('json').filter(({ name }) => name === 'fk-guard.config.json');
  expect(shown).not.toEqual([]);
  for (const { text } of shown) {
    const { options, ...source } = JSON.parse(text) as GuardSource & { options: FkGuardOptions };
    // Reads all of it and connects to nothing.
    expect(() => createGuard(source, options)).not.toThrow();
  }
});

const all = [...DOCUMENTS, ...OTHERS];
const anchorsOf = new Map(all.map(({ file, anchors }) => [file, anchors]));

/** What is wrong with a relative link, if anything. */
function brokenBecause(file: string, to: string): string | undefined {
  if (/^[a-z]+:/.test(to)) return undefined;
  const [path = '', anchor] = to.split('#');
  const target = path === '' ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(ROOT, target))) return 'no such file';
  if (anchor === undefined) return undefined;
  return anchorsOf.get(target)?.has(anchor) === true ? undefined : 'no such heading';
}

test('every link leads somewhere', () => {
  const broken = all.flatMap(({ file, links }) =>
    links.map(({ line, to }) => ({ at: `${file}:${line}`, to, because: brokenBecause(file, to) })),
  );
  expect(broken.length).toBeGreaterThan(20);
  expect(broken.filter(({ because }) => because !== undefined)).toEqual([]);
  expect(brokenBecause('README.md', 'docs/policy.md#no-such')).toBe('no such heading');
});

test('every page of docs can be reached from its index', () => {
  const index = readDocument('docs/README.md').links.map(({ to }) => normalize(join('docs', to)));
  const pages = DOCUMENTS.map(({ file }) => file).filter((file) => file.startsWith('docs/'));
  expect(pages.filter((file) => file !== 'docs/README.md' && !index.includes(file))).toEqual([]);
});
