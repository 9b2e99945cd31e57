import { fkGuardMigration } from 'sequelize-fk-guard';
import { databaseUrl } from '../app/config';
import { connect } from '../app/database';

/**
 * Gives `Checkouts` and `Fines` the keys that the models ask for and moves the rows that nobody owns any more into
 * the quarantine; `down` takes the keys back. Works with `npm run migrate:fix-fk` and `sequelize-cli db:migrate`.
 */
export const { up, down } = fkGuardMigration({
  name: 'fix-foreign-keys',
  sequelize: () => connect(databaseUrl(process.env)).sequelize,
});
