import { createDatabase, type TestDatabase } from '../postgres/database';
import { createProject, fkGuard, type Project } from './program';

let database: TestDatabase;
let project: Project;
beforeAll(async () => {
  database = await createDatabase('sequelize_typescript');
  await database.query(`
    create table users (id integer primary key, name text, role text);
    create table loans (id integer primary key, "userId" integer, due timestamptz);
    insert into loans values (1, 4);`);
  project = createProject();
});
afterAll(async () => {
  project.remove();
  await database.drop();
});

const TSCONFIG = `{
  // comments are allowed here
  "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true,
    "target": "es2022", "module": "nodenext", "paths": { "@app/*": ["./src/*"] } }
}`;

/** Every way in which people write a column: a bare field, `!`, `declare`, and each with and without a type given. */
const FILES = {
  'src/role.ts': `export enum Role { Reader = 'reader' }`,
  'src/user.model.ts': `import { Column, DataType, HasMany, Model, PrimaryKey, Table } from 'sequelize-typescript';
import { Role } from '@app/role';
import { Loan } from '@app/loan.model';
@Table({ tableName: 'users', timestamps: false })
export class User extends Model {
  @PrimaryKey @Column declare id: number;
  @Column name?: string;
  @Column({ type: DataType.TEXT, defaultValue: Role.Reader }) role!: Role;
  @HasMany(() => Loan) loans!: Loan[];
}`,
  'src/loan.model.ts': `import { BelongsTo, Column, ForeignKey, Model, PrimaryKey, Table } from 'sequelize-typescript';
import { User } from '@app/user.model';
@Table({ tableName: 'loans', timestamps: false })
export class Loan extends Model<Loan> {
  @PrimaryKey @Column id!: number;
  @ForeignKey(() => User) @Column declare userId: number;
  @BelongsTo(() => User, { onDelete: 'CASCADE' }) user: User;
  @Column due: Date;
}`,
  'src/database.ts': `import { Sequelize } from 'sequelize-typescript';
import { User } from '@app/user.model';
import { Loan } from '@app/loan.model';
export const sequelize = new Sequelize(process.env.DATABASE_URL!, { models: [User, Loan], logging: false });
if (Loan.getAttributes().due.type.constructor.name !== 'DATE') throw new Error('no metadata');`,
  'fk-guard.config.ts': `import 'reflect-metadata';
import { sequelize } from '@app/database';
export default { sequelize };`,
};

// `target` makes fields hide the attributes, which is the application's own trouble: its columns are told all the same.
// The models name each other in a circle, and their decorators look at each other before both are loaded.
it('reads decorators of sequelize-typescript, path aliases and enums', async () => {
  project.write({ ...FILES, 'tsconfig.json': TSCONFIG });
  const { code, out, err } = await fkGuard(['check', '--format', 'json'], {
    cwd: project.directory,
    env: { DATABASE_URL: database.url },
  });
  expect({ code, err, document: JSON.parse(out) as unknown }).toMatchObject({
    code: 2,
    err: '',
    document: {
      findings: expect.arrayContaining([
        expect.objectContaining({ kind: 'orphaned-rows', relation: 'Loan.userId', rows: 1 }),
      ]) as unknown,
    },
  });
});
