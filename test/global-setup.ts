import { build } from './build';
import startTestServer from './postgres/global-setup';

/** Once before all tests: several of them building at the same time would run each other's half-written files. */
export default async function globalSetup(): Promise<void> {
  build();
  await startTestServer();
}
