import { tableId } from '../names';
import { atTable, defineProblem } from './problem';

export const missingTable = defineProblem({
  kind: 'missing-table',
  severity: 'error',
  title: 'Table missing',
  why: 'Every query of a table that the database does not have fails with 42P01, and no key to it or from it can exist.',

  detect: ({ tables }) => tables.filter(({ table }) => table === undefined),

  describe: (pair) => ({
    about: atTable(pair, []),
    message: `The table ${tableId(pair.name)} of the model ${pair.model.model} does not exist.`,
    help: 'Create it with sync() or a migration; its keys are created afterwards.',
  }),

  repair: () => 'manual',
});
