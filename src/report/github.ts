import type { Finding } from '../finding';
import { visible } from '../visible';
import type { Origin } from './origin';

/** Annotations for GitHub Actions: one workflow command for each finding. */
export const githubText = (findings: readonly Finding[], origin: Origin): string =>
  findings.map((finding) => `${annotation(finding, origin)}\n`).join('');

const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;

function annotation(finding: Finding, origin: Origin): string {
  const { severity, kind, relation, child, message, help, refusal } = finding;
  const place = origin(finding);
  const properties = [
    ...(place ? [`file=${property(place.file)}`, `line=${place.line}`] : []),
    `title=${property(`${kind}: ${relation ?? `${child.schema}.${child.table}`}`)}`,
  ];
  const text = [message, refusal?.message ?? help].join('\n');
  return `::${COMMAND[severity]} ${properties.join(',')}::${data(text)}`;
}

/** As the toolkit of Actions escapes them; a `%` first, because the others make some. */
const data = (text: string): string =>
  text
    .split('\n')
    .map(visible)
    .join('\n')
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');

const property = (text: string): string => data(visible(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** True for a text in which a runner would see commands: a name can be `::stop-commands::` as well as any other. */
const holdsCommands = (text: string): boolean => /^\s*::|##\[/m.test(text);

/** The same text, in which nothing is a command; `token` must be one that nobody can guess. */
export const withoutCommands = (text: string, token: string): string =>
  holdsCommands(text) ? `::stop-commands::${token}\n${text}::${token}::\n` : text;
