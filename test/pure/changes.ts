import type { Change, DroppedKey, KeySpecification } from '../../src/changes/change';
import type { Conversion, Shadow } from '../../src/changes/conversion';
import type { OrphanCondition } from '../../src/changes/orphan-change';
import type { TableName } from '../../src/schema';

/** Changes as a plan has them, for what is said and done about each. */

export const children = { schema: 'app', name: 'Checkouts' } as const;
export const users = { schema: 'app', name: 'Users' } as const;
export const people = { schema: 'app', name: 'people' } as const;

export const key: KeySpecification = {
  name: 'Checkouts_userId_fkey',
  child: children,
  childColumns: ['userId'],
  parent: users,
  parentColumns: ['id'],
  onDelete: 'CASCADE',
  onUpdate: 'NO ACTION',
};

export const dropped = (name: string, parent: TableName = people): DroppedKey => ({
  name,
  parent,
  definition: `FOREIGN KEY ("userId") REFERENCES app.${parent.name}(id) ON DELETE SET NULL NOT VALID`,
});

export const orphans: OrphanCondition = {
  child: children,
  childColumns: ['userId', 'tenantId'],
  parent: users,
  parentColumns: ['id', 'tenantId'],
  equality: [],
};

export const cleaning = { strategy: 'delete', orphans, rows: 3, watch: [] } as const;

export const conversion: Conversion = {
  table: children,
  cast: { column: 'userId', from: 'character varying(36)', to: 'integer' },
  rows: 7,
};

export const shadow: Shadow = {
  column: 'userId_fk_guard',
  trigger: 'userId_fk_guard',
  schema: 'fk_guard',
  function: 'Checkouts_userId',
  changed: 'Checkouts_userId_changed',
};

const on = { table: children } as const;
const beside = { conversion, shadow } as const;
const modes = { parent: 'ACCESS EXCLUSIVE', child: 'SHARE ROW EXCLUSIVE' } as const;

/** One of each. */
export const changes: { readonly [Op in Change['op']]: Extract<Change, { readonly op: Op }> } = {
  'drop-index': { op: 'drop-index', ...on, index: 'left_over' },
  'create-index': { op: 'create-index', ...on, columns: ['userId', 'tenantId'], index: 'by_user' },
  'create-unique-index': { op: 'create-unique-index', ...on, columns: ['a', 'b'], index: 'unique_ab' },
  'create-partitioned-index': {
    op: 'create-partitioned-index',
    ...on,
    columns: ['a', 'b'],
    index: 'whole_ab',
  },
  'attach-index': {
    op: 'attach-index',
    ...on,
    index: 'part_ab',
    to: { schema: 'app', name: 'whole_ab' },
    partitionOf: users,
  },
  'add-not-null-check': { op: 'add-not-null-check', ...on, columns: ['a', 'b'], name: 'not_null' },
  'validate-check': { op: 'validate-check', ...on, name: 'not_null' },
  'add-primary-key': { op: 'add-primary-key', ...on, index: 'unique_ab', name: 'Checkouts_pkey' },
  'clean-uncastable': {
    op: 'clean-uncastable',
    ...cleaning,
    orphans: {
      ...orphans,
      uncastable: [conversion.cast, { column: 'tenantId', from: 'text', to: 'uuid' }],
    },
  },
  'convert-column': { op: 'convert-column', conversion },
  'add-shadow-column': { op: 'add-shadow-column', ...beside },
  'fill-shadow-column': { op: 'fill-shadow-column', ...beside },
  'create-shadow-index': {
    op: 'create-shadow-index',
    ...beside,
    index: { name: 'by_user_fk_guard', method: 'btree', unique: true, columns: ['userId_fk_guard', 'b'] },
  },
  'add-shadow-check': { op: 'add-shadow-check', ...beside, check: 'userId_not_null' },
  'validate-shadow-check': { op: 'validate-shadow-check', ...beside, check: 'userId_not_null' },
  'swap-shadow-column': { op: 'swap-shadow-column', ...beside, follow: { indexes: [], grants: [] } },
  'add-foreign-key': { op: 'add-foreign-key', key },
  'swap-foreign-key': { op: 'swap-foreign-key', key, drop: [dropped('old'), dropped('older', users)] },
  'clean-orphans': { op: 'clean-orphans', ...cleaning },
  'create-parents': {
    op: 'create-parents',
    children: orphans,
    parents: [{ key: ['1', '2'], values: { id: '1', tenantId: '2', name: null } }],
  },
  'validate-foreign-key': {
    op: 'validate-foreign-key',
    ...on,
    columns: ['userId'],
    parent: users,
    name: 'Checkouts_userId_fkey',
  },
  'adopt-foreign-key': { op: 'adopt-foreign-key', key, drop: [], modes },
  'alter-foreign-key': {
    op: 'alter-foreign-key',
    ...on,
    columns: ['userId'],
    name: 'Checkouts_userId_fkey',
    deferrability: 'INITIALLY DEFERRED',
    before: 'INITIALLY IMMEDIATE',
  },
  'drop-foreign-key': {
    op: 'drop-foreign-key',
    ...on,
    columns: ['userId'],
    drop: [dropped('old'), dropped('older', users)],
  },
};
