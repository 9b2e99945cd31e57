import type { Express } from 'express';
import type { Server } from 'node:http';
import type { Sequelize } from 'sequelize';
import type { FkGuard, GuardEvents as Events, Logger } from 'sequelize-fk-guard';
import type * as project from './project';

/** Names that a block may use without saying where they come from. */
declare global {
  const sequelize: Sequelize;
  const guard: FkGuard;
  const app: Express;
  const server: Server;
  const logger: Logger;
  const AssistantChatMessage: typeof project.AssistantChatMessage;
  const Checkout: typeof project.Checkout;
  const Copy: typeof project.Copy;
  const Shelf: typeof project.Shelf;
  const User: typeof project.User;
  const sessionId: string;
  const userId: string;
  const content: string;
  const tracer: { record(what: string, milliseconds: number): void };
  /** Of whatever runs the reader's tests. */
  const it: (name: string, test: () => Promise<void>) => void;
  type GuardEvents = Events;
}
