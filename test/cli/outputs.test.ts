import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliError } from '../../src/cli/cli-error';
import { FORMATS, offers, type Format } from '../../src/cli/formats';
import { destinationsOf } from '../../src/cli/outputs';
import { writeResultFile } from '../../src/cli/result-file';
import { withoutCommands } from '../../src/report/github';
import { jsonDocument } from '../../src/report/json';
import { plain } from '../../src/report/paint';
import { plan, refused, report } from '../report/samples';

const material = {
  origin: () => undefined,
  paint: plain,
  document: jsonDocument(
    'check',
    { name: 'x', version: '1' },
    {},
    { startedAt: '', durationMs: 0, exitCode: 2 },
  ),
  script: { tool: { name: 'x', version: '1' }, runId: '', schema: 'x', keepsRows: true, lockTimeoutMs: 1 },
};

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'fk-guard-outputs-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const goes = (command: string, format: 'text' | 'sarif' | 'sql', ...output: string[]): unknown =>
  destinationsOf(command, { format, ...(output.length > 0 && { output }) }, '/at').map(
    ({ format: own, file }) => [own.name, file ?? '-'].join(' '),
  );

describe('where results go', () => {
  it('to stdout, to files beside it, and the text to whoever watches', () => {
    expect(goes('check', 'text')).toEqual(['text -']);
    expect(goes('check', 'sarif')).toEqual(['sarif -']);
    expect(goes('check', 'text', 'a.txt')).toEqual(['text /at/a.txt']);
    expect(goes('check', 'sarif', 'a.sarif')).toEqual(['text -', 'sarif /at/a.sarif']);
    expect(goes('check', 'text', 'sarif=a', 'json=b')).toEqual(['text -', 'sarif /at/a', 'json /at/b']);
    expect(goes('check', 'sarif', 'markdown=a.md')).toEqual(['sarif -', 'markdown /at/a.md']);
    expect(goes('check', 'text', './sarif=a')).toEqual(['text /at/sarif=a']);
  });

  it.each([
    [
      () => goes('check', 'sql'),
      'check has no sql format.',
      'It has: text, json, ndjson, github, sarif, markdown, mermaid, dot.',
    ],
    [() => goes('status', 'text', 'dot=x'), 'status has no dot format.', 'It has: text, json, ndjson.'],
    [
      () => goes('check', 'text', 'sarif=a', 'json=a'),
      'Two results would go to /at/a.',
      'Name a file for each.',
    ],
    [
      () => goes('check', 'text', 'sarif='),
      '--output sarif= names no file.',
      'Write --output <file> or <format>=<file>.',
    ],
  ])('refuses what cannot be given: %#', (wish, message, advice) => {
    expect(wish).toThrow(
      expect.objectContaining({ code: 'USAGE', exitCode: 64, message, advice }) as CliError,
    );
  });

  it('every command has the three that need no findings', () => {
    for (const command of ['check', 'plan', 'apply', 'verify', 'status', 'restore', 'purge'])
      expect(FORMATS.filter((format) => offers(command, format)).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['text', 'json', 'ndjson']),
      );
  });
});

describe('a file', () => {
  it('is there whole, with its mode, in the place of an older one, and nothing beside it', () => {
    const file = join(folder, 'a');
    writeFileSync(file, 'old', { mode: 0o644 });
    writeResultFile(file, 'new', 0o600);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('is written through a link, and not in its place', () => {
    writeFileSync(join(folder, 'a'), 'old');
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    writeResultFile(join(folder, 'link'), 'new', 0o600);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['a', 'link']);
  });

  it('may be a device, and is no directory', () => {
    writeResultFile('/dev/null', 'new', 0o600);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    mkdirSync(join(folder, 'd'));
    expect(() => writeResultFile(join(folder, 'd'), 'new', 0o600)).toThrow(/it is a directory/);
  });
});

it('a text that would command the runner is shown to it as text', () => {
  expect(withoutCommands('all is well\n', 'T')).toBe('all is well\n');
  for (const line of ['::stop-commands::x', '  ::error::x', 'a ##[group]x'])
    expect(withoutCommands(`a\n${line}\n`, 'T')).toBe(`::stop-commands::T\na\n${line}\n::T::\n`);
});

it('a form that is handed on holds no key of a row, even where its words repeat one', () => {
  const keys = ['key-4711', 'key-4712'];
  const words = `2 values occur more than once: ${keys.join(', ')}`;
  const finding = {
    ...refused,
    sampleKeys: keys,
    message: words,
    refusal: { code: 'DUPLICATE_VALUES' as const, option: '', message: `${words}.` },
  };
  const looked = report([finding]);
  const baseline = { fresh: [], accepted: [{ finding, because: 'x' }], worse: [], vanished: [] };
  const results = [
    { checked: { report: looked, fresh: [finding], baseline } },
    { planned: plan([], [finding]) },
  ];
  const published = FORMATS.filter((format: Format) => format.published);
  const texts = published.flatMap(({ write }) =>
    results.map((own) => write({ ...material, result: { exitCode: 2, text: () => '', body: {}, ...own } })),
  );
  expect(published).toHaveLength(5);
  expect(texts.join('')).toContain('occur more than once');
  expect(texts.join('')).not.toContain('key-471');
});
