import { databaseUrl } from '../config';
import { connect } from '../database';

/** What `fk-guard --config` reads: the library's models, on the database of `DATABASE_URL`. */
export const sequelize = connect(databaseUrl(process.env)).sequelize;
