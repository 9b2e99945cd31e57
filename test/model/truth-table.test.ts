import { application, integer } from './application';
import { rows } from './truth-table';

const NULLABILITY = [
  { says: 'nullable', column: { allowNull: true }, index: 0 },
  { says: 'NOT NULL', column: { allowNull: false }, index: 1 },
  // Sequelize treats it as NOT NULL when it picks a default, and as nullable when it creates the column.
  { says: 'without allowNull', column: {}, index: 1 },
] as const;

const cases = rows.flatMap((row) =>
  NULLABILITY.flatMap(({ says, column, index }) =>
    (['early', 'late'] as const).map((install) => ({
      name: `${row.style}; ${says}; installed ${install}`,
      install,
      options: row.options,
      attribute: integer({ ...column, ...row.attribute }),
      declare: row.declare,
      resolved: row.resolved[index],
      explicit: row[install],
    })),
  ),
);

test.each(cases)('$name', ({ attribute, options, declare, install, resolved, explicit }) => {
  const app = application(install, options);
  const User = app.define('User');
  const Checkout = app.define('Checkout', { userId: attribute });
  for (const association of declare) association({ User, Checkout });

  const { onDelete } = app.relation('Checkout.userId');
  expect({ resolved: onDelete.resolved, explicit: [...onDelete.explicit].sort() }).toEqual({
    resolved,
    explicit,
  });
  // What Sequelize's own generator says.
  expect(/ON DELETE (.+?)(?= ON UPDATE|$)/.exec(app.ddl(Checkout, 'userId'))?.[1] ?? 'NO ACTION').toBe(
    resolved,
  );
});
