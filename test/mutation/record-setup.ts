import { rmSync } from 'node:fs';
import startServer from '../postgres/global-setup';
import { RECORDS } from './records';

/** Cases that are no more must not be replayed. */
export default async function forgetAndStart(): Promise<void> {
  rmSync(RECORDS, { recursive: true, force: true });
  await startServer();
}
