/** Takes passwords out of everything that is written. */
export interface Mask {
  (text: string): string;
  /** Masks by form only: for results, where a word that happens to be a password must stay what it is. */
  form(text: string): string;
  /** From now on this connection string's password is never written, wherever it stands. */
  learn(url: string): void;
}

const IN_URL = /(:\/\/[^\s:/@"]*):[^\s"]*@/g;
const IN_QUERY = /([?&](?:password|sslpassword)=)[^&\s"]*/gi;

/** Masks `://user:password@` by its form, and learnt passwords by their value. */
export function createMask(): Mask {
  const secrets = new Set<string>();
  const form = (text: string): string => text.replace(IN_URL, '$1:***@').replace(IN_QUERY, '$1***');
  const mask = (text: string): string =>
    [...secrets].reduce((masked, secret) => masked.replaceAll(secret, '***'), form(text));
  return Object.assign(mask, {
    form,
    learn(url: string) {
      for (const secret of secretsOf(url)) secrets.add(secret);
    },
  });
}

/** What stands between the user and the last `@` of something that wants to be an address: nobody else can tell. */
const IN_BROKEN_URL = /:\/\/[^:/@]*:([^]+)@/;

function secretsOf(url: string): readonly string[] {
  if (!URL.canParse(url)) {
    const [, written = ''] = IN_BROKEN_URL.exec(url) ?? [];
    return [written, decoded(written)].filter((secret) => secret !== '');
  }
  const { password, username, pathname, searchParams } = new URL(url);
  const written = [password, decoded(password), searchParams.get('password') ?? ''];
  // A password that is also the user or the database has to stay readable there; it is still masked by its form.
  const names = ['', username, decoded(username), pathname.slice(1), decoded(pathname.slice(1))];
  return written.filter((secret) => !names.includes(secret));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
