/** Says that the process is ready, then answers each question with a number. It ends when nobody is there to ask. */
export function answering(answer: (question: string) => Promise<number>): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (question: string) => {
    answer(question).then(
      (number) => process.send?.(number),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send?.(0);
}
