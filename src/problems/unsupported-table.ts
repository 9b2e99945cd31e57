import { proof } from '../pairing/measurable';
import { tableId } from '../names';
import type { Table } from '../catalog/catalog';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const unsupportedTable = defineProblem({
  kind: 'unsupported-table',
  severity: 'warning',
  title: 'A relation that no key can hold',
  why: 'PostgreSQL has no foreign keys from or to views and foreign tables, and with plain inheritance a key and a query do not see the same rows. What the models promise here nothing keeps.',
  remedy:
    'Nothing: no key is created or changed, and no row is counted or cleaned, because a row that looks like an orphan may have its parent where a key cannot see it.',
  silence:
    'Write `constraints: false` in the association, or point it at a table. `exclude` leaves the model out. Instead of plain inheritance PostgreSQL has partitioned tables, which can have keys.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => {
      const reasons = reasonsOf(pair);
      return reasons.length > 0 ? [{ pair, reasons }] : [];
    }),

  describe({ pair, reasons }) {
    const lines = pair.relation.declarations.map(({ text }) => text).join(' and ');
    const byHand = pair.relation.declarations.some((declaration) => declaration.byHand);
    const inherits = [pair.child, pair.parent].some((table) => table?.inherited);
    return {
      about: atRelation(pair, pair.holder?.name),
      message: `${reasons.join('; ')}.`,
      help: `No key is created and no row is counted or cleaned. ${inherits ? 'Partition the table instead' : 'Point at the table behind it'}, ${byHand ? `or take ${lines} out of foreignKeys` : `write constraints: false in ${lines}, or leave the model out with exclude`}.`,
    };
  },

  repair: () => 'manual',
});

/** Nothing where a valid key proves what is wanted: a key to a parent with inheritance children sees what it needs. */
function reasonsOf(pair: MeasuredRelation): readonly string[] {
  const { child, parent, relation } = pair;
  if (!child || !parent) return [];
  const ofChild = whyNotFrom(child, relation.id);
  const ofParent = proof(pair) ? [] : whyNotTo(parent, relation.id);
  return [...ofChild, ...ofParent];
}

const whyNotFrom = (table: Table, id: string): readonly string[] =>
  isStored(table)
    ? table.inherited
      ? [
          `${tableId(table.name)}, which holds ${id}, has inheritance children, and no key holds for the rows in them`,
        ]
      : []
    : [`${tableId(table.name)}, which holds ${id}, is a ${table.kind}, which cannot have a foreign key`];

const whyNotTo = (table: Table, id: string): readonly string[] =>
  isStored(table)
    ? table.inherited
      ? [
          `${tableId(table.name)}, which ${id} points at, has inheritance children, and a key does not see the rows in them`,
        ]
      : []
    : [
        `${tableId(table.name)}, which ${id} points at, is a ${table.kind}, which no foreign key can point at`,
      ];

const isStored = ({ kind }: Table): boolean => kind === 'table' || kind === 'partitioned table';
