/** More than these would take the server's cores from the application. */
export const AT_ONCE = 4;

/** Our sessions are outside of the pool, but its size tells how much the application thinks the server can bear. */
export const atOnceBeside = (pool: { readonly max?: number } | undefined): number =>
  Math.max(1, Math.min(AT_ONCE, (pool?.max ?? AT_ONCE + 1) - 1));
