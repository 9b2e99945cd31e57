import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { Sequelize } from 'sequelize';
import { withSql } from '../../app/demo/sql';

/** Where the figures come from: without it they mean nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly system: string;
  /** How busy it was when the run began. */
  readonly load: number;
  readonly node: string;
  readonly sequelize: string;
  readonly postgresql: string;
  /** The settings that the figures depend on, as the server tells them. */
  readonly settings: Readonly<Record<string, string>>;
}

const SETTINGS = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'shared_buffers',
  'work_mem',
  'hash_mem_multiplier',
  'maintenance_work_mem',
  'max_parallel_workers_per_gather',
  'max_wal_size',
];

export async function machineOf(url: string): Promise<Machine> {
  return withSql(url, async (sql) => {
    const settings: Record<string, string> = {};
    for (const name of SETTINGS) settings[name] = await sql.text(`select current_setting('${name}', true)`);
    return {
      cpu: cpus()[0]?.model.trim() ?? '?',
      cores: cpus().length,
      memoryGB: Math.round(totalmem() / 2 ** 30),
      system: `${platform()} ${release()} ${arch()}`,
      load: loadavg()[0] ?? 0,
      node: process.version,
      // Its types leave this out.
      sequelize: String(Reflect.get(Sequelize, 'version')),
      postgresql: await sql.text('show server_version'),
      settings,
    };
  });
}
