import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('the ESM facade', () => {
  const dist = mkdtempSync(join(tmpdir(), 'fk-guard-dist-'));
  afterAll(() => rmSync(dist, { recursive: true }));

  beforeAll(() => {
    mkdirSync(join(dist, 'cli'));
    writeFileSync(
      join(dist, 'index.js'),
      `exports.install = () => 1;\nexports.Problem = class Problem extends Error {};\nexports.default = 'not this';\n`,
    );
    writeFileSync(join(dist, 'prometheus.js'), 'exports.collect = () => 2;\n');
    writeFileSync(join(dist, 'cli', 'main.js'), '#!/usr/bin/env node\n', { mode: 0o644 });
    execFileSync(process.execPath, [join(__dirname, '../scripts/write-esm-facade.mjs'), dist]);
  });

  it('hands out the same objects as require, by name and without a default', () => {
    const program = `
      import * as index from './index.mjs';
      import * as prometheus from './prometheus.mjs';
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const esm = { ...index, ...prometheus };
      const cjs = { ...require('./index.js'), ...require('./prometheus.js') };
      console.log(JSON.stringify(Object.keys(esm).map((name) => [name, esm[name] === cjs[name]])));`;
    writeFileSync(join(dist, 'look.mjs'), program);
    const seen: unknown = JSON.parse(
      execFileSync(process.execPath, [join(dist, 'look.mjs')], { encoding: 'utf8' }),
    );
    expect(seen).toEqual([
      ['Problem', true],
      ['install', true],
      ['collect', true],
    ]);
  });

  it('has the types of the CommonJS build', () => {
    expect(readFileSync(join(dist, 'index.d.mts'), 'utf8')).toBe(`export * from './index.js';\n`);
    expect(readFileSync(join(dist, 'prometheus.d.mts'), 'utf8')).toBe(`export * from './prometheus.js';\n`);
  });

  it('makes the command executable', () => {
    expect(() => accessSync(join(dist, 'cli', 'main.js'), constants.X_OK)).not.toThrow();
  });
});
