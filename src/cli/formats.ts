import type { Finding } from '../finding';
import { dotText } from '../report/dot';
import { githubText } from '../report/github';
import { jsonText, type JsonDocument } from '../report/json';
import { endLine } from '../report/ndjson';
import { markdownPlan, markdownReport } from '../report/markdown';
import { mermaidText } from '../report/mermaid';
import type { Origin } from '../report/origin';
import type { Paint } from '../report/paint';
import { sarifText } from '../report/sarif';
import { planWithoutKeys } from '../reviewed-plan';
import { withoutKeys } from '../report/without-keys';
import { scriptOf } from '../script/script';
import type { ScriptSettings } from '../script/settings';
import { baselineLines } from '../report/baseline-text';
import type { Result } from './command';
import { pageOf } from './page';
import { tool } from './tool';

/** What a format is made of. */
export interface Material {
  readonly result: Result;
  readonly document: JsonDocument;
  readonly origin: Origin;
  readonly paint: Paint;
  readonly script: ScriptSettings;
}

/** One form of a result. */
export interface Format {
  readonly name: string;
  /** The commands that can give it; all where nothing is said. */
  readonly commands?: readonly string[];
  /** Made to be handed on: such a file may be read by others, and none of these shows a value of a row. */
  readonly published?: true;
  /** Told line by line while the command runs; `write` is then its last line. */
  readonly streamed?: true;
  write(material: Material): string | Promise<string>;
}

const LOOKS: readonly string[] = ['check', 'verify'];

/** Every form of a result, in the order in which `--help` names them. */
export const FORMATS = [
  { name: 'text', write: ({ result, paint }) => result.text(paint) },
  { name: 'json', write: ({ document }) => jsonText(document) },
  { name: 'ndjson', streamed: true, write: ({ document }) => endLine(document) },
  {
    name: 'sql',
    commands: ['plan'],
    write: ({ result: { planned }, script }) => (planned ? scriptOf(planned, script) : ''),
  },
  {
    name: 'github',
    commands: LOOKS,
    published: true,
    write: ({ result, origin }) => githubText(fresh(result), origin),
  },
  {
    name: 'sarif',
    commands: LOOKS,
    published: true,
    write: ({ result, origin }) =>
      sarifText({ tool, findings: fresh(result), accepted: accepted(result), origin }),
  },
  {
    name: 'markdown',
    commands: [...LOOKS, 'plan'],
    published: true,
    write: ({ result }) => {
      const { checked, planned } = result;
      if (planned) return markdownPlan(planWithoutKeys(planned));
      return checked
        ? markdownReport({ ...checked.report, findings: fresh(result) }, baselineLines(checked.baseline))
        : '';
    },
  },
  { name: 'mermaid', commands: LOOKS, published: true, write: ({ result }) => mermaidText(fresh(result)) },
  { name: 'dot', commands: LOOKS, published: true, write: ({ result }) => dotText(fresh(result)) },
  { name: 'html', commands: [...LOOKS, 'report'], write: pageOf },
] as const satisfies readonly Format[];

export type FormatName = (typeof FORMATS)[number]['name'];

/** The name of every format. */
export const FORMAT_NAMES: readonly string[] = FORMATS.map(({ name }) => name);

/** The format of this name, and nothing where there is none. */
export const formatNamed = (wanted: string): Format | undefined =>
  FORMATS.find(({ name }) => name === wanted);

/** True when a command can give a format. */
export const offers = (command: string, { commands }: Format): boolean => commands?.includes(command) ?? true;

/** These are handed on. */
const fresh = ({ checked }: Result): readonly Finding[] => (checked?.fresh ?? []).map(withoutKeys);

const accepted = ({ checked }: Result) =>
  checked?.baseline?.accepted.map(({ finding, because }) => ({ finding: withoutKeys(finding), because }));
