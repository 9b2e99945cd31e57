import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { chartOf } from './chart';
import type { Result } from './result';
import { circumstances, lineOf } from './words';

const PAGE = 'docs/benchmarks.md';
const CHART = 'docs/images/benchmarks.svg';
const [BEGIN, END] = ['<!-- figures -->', '<!-- end of figures -->'];

/** Puts a run's figures where the page has its marks, and draws its chart. The page's own words stay. */
export async function writeDocs(result: Result): Promise<void> {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has lost its marks.`);
  const text = `${before}${BEGIN}\n\n${circumstances(result)}\n\n${tableOf(result)}\n\n${END}${after}`;
  writeFileSync(PAGE, await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
  writeFileSync(CHART, chartOf(result.rows));
}

function tableOf({ rows }: Result): string {
  const lines = rows.map((row) => {
    const { scenario, contenders, ratio, asked, reached } = lineOf(row);
    return `| ${[scenario, contenders, ratio, asked, reached].join(' | ')} |`;
  });
  return [
    '| scenario | medians (least … most) | ratio | asked | reached |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
