import type { Impact } from 'sequelize-fk-guard';

/** What an impact says, in the words of `Real`. */
export const promised = ({ tables }: Impact): readonly string[] =>
  tables.map(({ table, rowsDeleted, rowsChanged }) => `${table} ${rowsDeleted} ${rowsChanged}`).sort();
