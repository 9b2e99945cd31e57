import type { Scenario } from '../core/bench';
import { startChild } from '../core/child';
import { atMost } from '../core/figures';
import { compare, timed } from '../core/measure';
import { connectQuietly, defineMany } from '../core/models';

/** Many processes that start at the same moment on a healthy database. Loading Node and the libraries is not counted. */
export const starters: Scenario = {
  name: 'starters',
  rows: (bench) => {
    const { processes: count, models } = bench.size.starters;
    return bench.fill(
      [],
      async ({ url }) => {
        const { rounds } = bench.size;
        const together = async (...words: string[]): Promise<number> => {
          const children = await Promise.all(
            Array.from({ length: count }, () => startChild('starter', url, String(models), ...words)),
          );
          const ms = await timed(() => Promise.all(children.map((child) => child.ask('go'))));
          await Promise.all(children.map((child) => child.end()));
          return ms;
        };
        const figures = await compare(
          [
            { name: 'with the guard', run: () => together('guard') },
            { name: 'without it', run: () => together() },
          ] as const,
          rounds,
        );
        const title = `${count} starters at once, ${models} models, healthy`;
        return [{ scenario: 'starters', title, unit: 'ms', figures, asked: atMost(1.3) }];
      },
      async (url) => {
        const sequelize = await connectQuietly(url);
        defineMany(sequelize, models);
        await sequelize.sync();
        await sequelize.close();
      },
    );
  },
};
