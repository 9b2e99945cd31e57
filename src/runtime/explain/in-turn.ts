/** One question and where its answer goes. */
interface Asked<Question, Answer> {
  readonly question: Question;
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

/** Takes what is asked while it answers; gives nothing when nothing is left. */
export type Next<Question, Answer> = () => Asked<Question, Answer> | undefined;

/**
 * Lets one `serve` at a time answer everything that is asked about the same subject. A thousand requests may fail at
 * once over one missing parent: they must not open a thousand connections to be told so.
 */
export function inTurn<Subject extends object, Question, Answer>(
  serve: (subject: Subject, next: Next<Question, Answer>) => Promise<void>,
): (subject: Subject, question: Question) => Promise<Answer> {
  const queues = new WeakMap<Subject, Asked<Question, Answer>[]>();
  return (subject, question) =>
    new Promise((answer, fail) => {
      const asked = { question, answer, fail };
      const waiting = queues.get(subject);
      if (waiting) return void waiting.push(asked);
      const queue = [asked];
      queues.set(subject, queue);
      const next = () => {
        const first = queue.shift();
        // Whoever asks from now on begins anew: nobody would look at this queue again.
        if (!first) queues.delete(subject);
        return first;
      };
      serve(subject, next).catch((error: unknown) => {
        asked.fail(error);
        for (let left = next(); left; left = next()) left.fail(error);
      });
    });
}
