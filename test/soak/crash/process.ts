import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Ended, GoOn, Job, Message, Reached } from './job';

/** A process with the built library in it. */
export interface Worker {
  /**
   * Gives what became of a job, or `killed` when the process died over it. `cut` is called where the job's cut is
   * reached, and says what has become of the session.
   */
  run(job: Job, cut?: (reached: Reached) => Promise<GoOn>): Promise<Ended | 'killed'>;
  isAlive(): boolean;
  end(): Promise<void>;
}

const LONGEST_JOB_MS = 120_000;

/** Starts one; it takes jobs one after the other. */
export function startWorker(): Worker {
  const child = fork(join(__dirname, 'worker.cjs'), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    isAlive,
    run: (job, cut = () => Promise.resolve({ lost: false })) => runJob(child, job, cut, () => said),
    async end() {
      if (!isAlive()) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function runJob(
  child: ChildProcess,
  job: Job,
  cut: (reached: Reached) => Promise<GoOn>,
  said: () => string,
): Promise<Ended | 'killed'> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => settle(() => reject(new Error(`${job.verb} was not done in time`))),
      LONGEST_JOB_MS,
    );
    const settle = (how: () => void): void => {
      clearTimeout(limit);
      child.off('message', onMessage);
      child.off('exit', onExit);
      how();
    };
    const onMessage = (message: Message): void => {
      if ('ended' in message) return settle(() => resolve(message.ended));
      cut(message.reached).then(
        // It may have killed itself meanwhile.
        (answer) => void child.send(answer, () => undefined),
        (error: Error) => settle(() => reject(error)),
      );
    };
    const onExit = (code: number | null, signal: string | null): void =>
      settle(() =>
        signal === 'SIGKILL' ? resolve('killed') : reject(new Error(`it ended with ${code}:\n${said()}`)),
      );
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.send(job);
  });
}
