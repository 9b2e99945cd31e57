// Prints the survivors of the last run, as the rows of the table in docs/mutation.md; their reasons are written by hand.
import { readFileSync } from 'node:fs';

const { files } = JSON.parse(readFileSync('reports/mutation/mutation.json', 'utf8'));

const cell = (text) => `\`${text.replace(/\s+/g, ' ').replaceAll('|', '\\|')}\``;

for (const [file, { source, mutants }] of Object.entries(files).sort(([a], [b]) => a.localeCompare(b)))
  for (const { status, location, replacement } of mutants) {
    if (status !== 'Survived' && status !== 'NoCoverage') continue;
    const { start, end } = location;
    const lines = source.split('\n').slice(start.line - 1, end.line);
    lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
    const original = lines.join('\n').slice(start.column - 1);
    console.log(
      `| ${file.replace('src/', '')}:${start.line} | ${cell(original)} | ${cell(replacement || "''")} |`,
    );
  }
