import { Client, escapeLiteral } from 'pg';

/**
 * Makes the superuser's password, and those of the roles that it creates, one round of hashing instead of 4,096: a test
 * run logs in some ten thousand times. A server before 16, which cannot (42704), stays as it is, and so does a standby (25006).
 */
export async function makeLoginsQuick(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set scram_iterations = 1');
    await client.query('alter role current_user set scram_iterations = 1');
    await client.query(`alter role current_user password ${escapeLiteral(new URL(url).password)}`);
  } catch (error) {
    if (!['42704', '25006'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
