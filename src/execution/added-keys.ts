import type { ForeignKey } from '../catalog/catalog';
import type { Change } from '../changes/change';

/** The key that a change adds, as the catalog will have it. */
export const addedBy = (change: Change): readonly ForeignKey[] =>
  'key' in change
    ? [
        {
          oid: 0,
          ...change.key,
          validated: false,
          enforced: true,
          deferrable: change.key.deferrable !== undefined,
          initiallyDeferred: change.key.deferrable === 'INITIALLY DEFERRED',
          inherited: false,
          triggersEnabled: true,
          equality: [],
          definition: '',
        },
      ]
    : [];
