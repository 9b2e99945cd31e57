/** Where the version of the test run's server is, for the processes that run the tests. */
export const VERSION_VARIABLE = 'FK_GUARD_TEST_SERVER_VERSION';

/** `server_version_num` of the test run's server, such as 180004; known already while tests are being listed. */
export function serverVersion(): number {
  const version = Number(process.env[VERSION_VARIABLE]);
  if (!Number.isInteger(version)) throw new Error('There is no test server: run the tests with jest.');
  return version;
}

/** The cases when the server is at least of this major version, which has what they need; none otherwise. */
export const since = <Case>(major: number, ...cases: readonly Case[]): readonly Case[] =>
  serverVersion() >= major * 10_000 ? cases : [];
