import type { Finding, Place } from '../finding';
import { count, placeLabel } from './layout';

/** Tables and what is wrong between them, for whoever draws it; every text is still as it was found. */
export interface Graph {
  readonly tables: readonly GraphTable[];
  readonly links: readonly GraphLink[];
}

/** A table; `id` is a word that means nothing, because a name may hold anything. */
export interface GraphTable {
  readonly id: string;
  readonly name: string;
  /** What is wrong with the table itself, a line each. */
  readonly notes: readonly string[];
  readonly severity: Finding['severity'] | undefined;
}

/** A relation with something wrong; nobody needs the colour to see what. */
export interface GraphLink {
  /** Ids of tables. */
  readonly from: string;
  readonly to: string;
  /** The columns, then what is wrong, a line each. */
  readonly lines: readonly string[];
  readonly severity: Finding['severity'];
  /** `missing`: no key stands guard. `orphans`: rows without a parent. */
  readonly look: 'missing' | 'orphans' | 'wrong';
}

/** Draws what is wrong: tables and relations without a finding are left out. */
export function graphOf(findings: readonly Finding[]): Graph {
  const names = [
    ...new Set(findings.flatMap(({ child, parent }) => [child, ...(parent ? [parent] : [])].map(nameOf))),
  ];
  const idOf = new Map(names.map((name, i) => [name, `t${i + 1}`]));
  const id = (place: Place): string => idOf.get(nameOf(place)) ?? 't0';
  const tables = names.map((name) => {
    const own = findings.filter(({ child, parent }) => !parent && nameOf(child) === name);
    return { id: idOf.get(name) ?? 't0', name, notes: own.map(noteOf), severity: worst(own) };
  });
  const pairs = new Map<string, (Finding & { readonly parent: Place })[]>();
  for (const finding of findings) {
    const { child, parent } = finding;
    if (!parent) continue;
    const key = JSON.stringify([child, parent.schema, parent.table]);
    pairs.set(key, [...(pairs.get(key) ?? []), { ...finding, parent }]);
  }
  return {
    tables,
    links: [...pairs.values()].flatMap((group) => (group[0] ? [linkOf(group, group[0], id)] : [])),
  };
}

const nameOf = ({ schema, table }: Place): string => placeLabel({ schema, table, columns: [] });

function linkOf(
  group: readonly Finding[],
  { child, parent }: Finding & { readonly parent: Place },
  id: (place: Place) => string,
): GraphLink {
  const kinds = group.map(({ kind }) => kind);
  return {
    from: id(child),
    to: id(parent),
    lines: [child.columns.join(', '), ...group.map(noteOf)].filter((line) => line !== ''),
    severity: worst(group) ?? 'info',
    look: kinds.includes('orphaned-rows')
      ? 'orphans'
      : MISSING.some((kind) => kinds.includes(kind))
        ? 'missing'
        : 'wrong',
  };
}

const MISSING = [
  'missing-foreign-key',
  'missing-table',
  'missing-column',
  'not-enforced-foreign-key',
] as const;

const noteOf = ({ kind, rows }: Finding): string =>
  rows === undefined ? kind : `${kind}: ${count(rows, 'row')}`;

const worst = (findings: readonly Finding[]): Finding['severity'] | undefined =>
  (['error', 'warning', 'info'] as const).find((severity) =>
    findings.some((one) => one.severity === severity),
  );
