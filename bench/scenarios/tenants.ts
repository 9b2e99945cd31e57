import { createGuard } from 'sequelize-fk-guard';
import type { Bench, Scenario } from '../core/bench';
import { atMost, type Row } from '../core/figures';
import { compare, timed } from '../core/measure';
import { connectQuietly, defineMany } from '../core/models';
import { silent } from '../core/silent';

/** A schema for each tenant, all of them healthy: what many cost beside one. */
export const tenants: Scenario = {
  name: 'tenants',
  rows: (bench) => {
    const { count, tables } = bench.size.tenants;
    return onTenants(bench, count, tables, (many) =>
      onTenants(bench, 1, tables, async (one): Promise<readonly Row[]> => {
        const figures = await compare(
          [
            { name: `${count} tenants`, run: () => timed(many) },
            { name: 'one tenant', run: () => timed(one) },
          ] as const,
          bench.size.rounds,
          1,
        );
        return [
          {
            scenario: 'tenants',
            title: `${count} tenants × ${tables} tables, healthy`,
            unit: 'ms',
            figures,
            asked: atMost(60),
          },
        ];
      }),
    );
  },
};

/** A start of the guard on a database with so many tenants. */
function onTenants<T>(
  bench: Bench,
  count: number,
  tables: number,
  work: (start: () => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const statements = Array.from({ length: count }, (_, i) => tenant(`tenant_${i + 1}`, tables));
  return bench.fill(statements, async ({ url }) => {
    const sequelize = await connectQuietly(url);
    try {
      defineMany(sequelize, tables);
      const guard = createGuard({ sequelize }, { logger: silent, schemas: ['tenant_*'] });
      const start = async (): Promise<void> => {
        const { status } = await guard.run();
        if (status !== 'clean') throw new Error(`${count} tenants are not healthy but ${status}`);
      };
      return await work(start);
    } finally {
      await sequelize.close();
    }
  });
}

/** The tables of `defineMany`, as a sync makes them. */
const tenant = (schema: string, tables: number): string =>
  [
    `create schema ${schema}`,
    ...Array.from({ length: tables }, (_, i) => [
      `create table ${schema}."Model${i}s" (id serial primary key, name varchar(255) not null, amount integer,
         "parentId" integer ${i === 0 ? '' : `references ${schema}."Model${i >> 1}s" on delete cascade on update cascade`},
         "createdAt" timestamptz not null, "updatedAt" timestamptz not null)`,
      `create index on ${schema}."Model${i}s" ("parentId")`,
    ]).flat(),
  ].join(';\n');
