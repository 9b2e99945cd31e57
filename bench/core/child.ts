import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of bench/processes: its own event loop, its own memory. */
export interface Child {
  /** Says something to it and waits for its answer. */
  ask(question: string): Promise<number>;
  end(): Promise<void>;
}

/** Starts one; it has said that it is ready. */
export async function startChild(name: string, ...words: readonly string[]): Promise<Child> {
  const child = fork(join(__dirname, '..', 'processes', `${name}.js`), words, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await answer(child);
  return {
    ask(question) {
      const answered = answer(child);
      child.send(question);
      return answered;
    },
    async end() {
      const exit = once(child, 'exit');
      if (child.exitCode !== null) return;
      child.disconnect();
      await exit;
    },
  };
}

function answer(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`A process ended with ${code}.`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(Number(message));
    });
  });
}
