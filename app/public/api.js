/** An answer that says no, in the server's words. */
export class Refused extends Error {}

/** Asks the server; gives what it answers, or throws `Refused`. */
export async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refused('The library cannot be reached. Is the network there?');
  });
  const answer = response.status === 204 ? undefined : await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const reason = answer?.error ?? `The library answered ${response.status}`;
  throw new Refused(response.status === 503 ? `${reason}. Please try again in a moment.` : reason);
}

/** A list that comes in pages: `more` fetches the next one, `again` all that have been fetched, anew. */
export function paged(path, size = 50) {
  let pages = 1;
  const fetchPage = (page) => call('GET', `${path}?limit=${size}&offset=${page * size}`);
  const load = async () => {
    const found = await Promise.all(Array.from({ length: pages }, (_, page) => fetchPage(page)));
    return { rows: found.flat(), mayHaveMore: found.at(-1).length === size };
  };
  return {
    again: load,
    more() {
      pages += 1;
      return load();
    },
  };
}
