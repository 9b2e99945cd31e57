import { readServer } from '../catalog/server';
import { catalogSearchPath, sessionGuards } from '../catalog/session-guards';
import { transaction, type Session } from '../db';
import type { Server } from '../catalog/catalog';
import type { Settings } from '../options';
import { reading } from './session-settings';

/** One transaction that cannot write, under the guards of every look and with PostgreSQL's own names only. */
export const readOnly = <T>(
  session: Session,
  settings: Settings,
  work: (server: Server) => Promise<T>,
): Promise<T> =>
  transaction(session, 'read only', [reading(settings), ...sessionGuards], async () => {
    const server = await readServer(session);
    await session.query(catalogSearchPath);
    return work(server);
  });
