/** What is said about many tables, or many copies of them. */
export interface TenantOptions {
  /**
   * How many relations, or with `schemas` how many tenants, are looked at once, each in a session of its own. What is
   * written is written one after the other. @defaultValue one less than the pool has, at most 4
   */
  readonly concurrency?: number;
  /**
   * A schema for each tenant, with the same tables: globs of their names, such as `tenant_*`. Tables that the models
   * place in no schema are looked for in each of them. See docs/recipes/schema-per-tenant.md. @defaultValue []
   */
  readonly schemas?: readonly string[];
}

/** The same with every default filled in. */
export interface TenantSettings {
  readonly concurrency?: number;
  readonly schemas: readonly string[];
}
