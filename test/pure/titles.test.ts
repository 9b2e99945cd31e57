import type { Change } from '../../src/changes/change';
import { stepTitle } from '../../src/changes/title';
import { changes, dropped } from './changes';

/** What a person reads in a plan, in the ledger and in `status`. */
const TITLES: { readonly [Op in Change['op']]: string } = {
  'drop-index': 'Drop the invalid index left_over of app.Checkouts',
  'create-index': 'Build the index by_user on app.Checkouts (userId, tenantId)',
  'create-unique-index': 'Build the unique index unique_ab on app.Checkouts (a, b)',
  'create-partitioned-index': 'Prepare the unique index whole_ab of app.Checkouts (a, b)',
  'attach-index': 'Attach part_ab of app.Checkouts to whole_ab',
  'add-not-null-check': 'Promise that app.Checkouts (a, b) is not null',
  'validate-check': 'Prove that promise for the rows of app.Checkouts',
  'add-primary-key': 'Make unique_ab the primary key of app.Checkouts',
  'clean-uncastable':
    'Quarantine and delete: rows of app.Checkouts whose userId is no integer or tenantId is no uuid',
  'convert-column': 'Convert app.Checkouts (userId) from character varying(36) to integer',
  'add-shadow-column': 'Add userId_fk_guard to app.Checkouts, kept in step with userId by a trigger',
  'fill-shadow-column': 'Fill userId_fk_guard of app.Checkouts in batches',
  'create-shadow-index': 'Build the index by_user_fk_guard on app.Checkouts',
  'add-shadow-check': 'Promise that app.Checkouts (userId_fk_guard) is not null',
  'validate-shadow-check': 'Prove that promise for the rows of app.Checkouts',
  'swap-shadow-column':
    'Put userId_fk_guard of app.Checkouts in the place of userId, from character varying(36) to integer',
  'add-foreign-key': 'Fence: add Checkouts_userId_fkey to app.Checkouts, ON DELETE CASCADE, NOT VALID',
  'swap-foreign-key': 'Swap old, older of app.Checkouts for Checkouts_userId_fkey, ON DELETE CASCADE',
  'clean-orphans': 'Quarantine and delete: orphans of app.Checkouts (userId, tenantId)',
  'create-parents': 'Create 1 missing parent in app.Users for app.Checkouts (userId, tenantId)',
  'validate-foreign-key': 'Validate Checkouts_userId_fkey of app.Checkouts',
  'adopt-foreign-key':
    'Join the keys of the partitions of app.Checkouts in Checkouts_userId_fkey, ON DELETE CASCADE',
  'alter-foreign-key': 'Make Checkouts_userId_fkey of app.Checkouts DEFERRABLE INITIALLY DEFERRED',
  'drop-foreign-key': 'Drop the superfluous old, older of app.Checkouts',
};

describe('the title of a step', () => {
  it.each(Object.values(changes))('$op', (change) => expect(stepTitle(change)).toBe(TITLES[change.op]));

  it.each([
    [
      'a conversion by a remap says so, because the values are the author’s',
      {
        op: 'convert-column',
        conversion: { ...changes['convert-column'].conversion, remap: { using: 'select a, b from c' } },
      },
      'Convert app.Checkouts (userId) from character varying(36) to integer by the remap',
    ],
    [
      'rows that only lose their key',
      { ...changes['clean-orphans'], strategy: 'nullify' },
      'Quarantine and set to null: orphans of app.Checkouts (userId, tenantId)',
    ],
    [
      'rows that get another parent',
      { ...changes['clean-orphans'], strategy: 'reparent', newParent: ['1', 'main'] },
      'Quarantine and give the parent 1, main: orphans of app.Checkouts (userId, tenantId)',
    ],
    [
      'several parents',
      { ...changes['create-parents'], parents: [1, 2].map((id) => ({ key: [`${id}`], values: {} })) },
      'Create 2 missing parents in app.Users for app.Checkouts (userId, tenantId)',
    ],
    [
      'the old keys that an adoption drops',
      { ...changes['adopt-foreign-key'], drop: [dropped('old'), dropped('older')] },
      'Join the keys of the partitions of app.Checkouts in Checkouts_userId_fkey, ON DELETE CASCADE, and drop old, older',
    ],
    [
      'a key that is no longer deferrable, in PostgreSQL’s word for it',
      { ...changes['alter-foreign-key'], deferrability: 'NOT DEFERRABLE' },
      'Make Checkouts_userId_fkey of app.Checkouts NOT DEFERRABLE',
    ],
  ] as const satisfies readonly (readonly [string, Change, string])[])('%s', (_, change, title) => {
    expect(stepTitle(change)).toBe(title);
  });
});
