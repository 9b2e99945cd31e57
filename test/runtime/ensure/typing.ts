import {
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
  type NonAttribute,
} from 'sequelize';
import { createWithParents, bulkCreateWithParents, ensureParents } from 'sequelize-fk-guard';

class User extends Model<InferAttributes<User>, InferCreationAttributes<User>> {
  declare id: string;
  declare email: string;
}
class Session extends Model<InferAttributes<Session>, InferCreationAttributes<Session>> {
  declare id: number;
  declare userId: string;
  declare title: string | null;
  declare user?: NonAttribute<User>;
  declare parent?: NonAttribute<Session>;
}
class Message extends Model<InferAttributes<Message>, InferCreationAttributes<Message>> {
  declare id: CreationOptional<number>;
  declare content: string;
  declare sessionId: number | null;
  declare session?: NonAttribute<Session>;
  declare writer?: NonAttribute<User>;
}

/** Compiled by `npm run types` and never run. */
export async function typings(untyped: ModelStatic<Model>): Promise<void> {
  const { instance, created } = await createWithParents(
    Message,
    { content: 'hello', sessionId: 1 },
    {
      ensure: {
        // The key has the type of `sessionId`, and that of a parent's parent the type of its `userId`.
        session: (id) => ({ userId: id.toFixed(), title: null }),
        user: (id) => ({ email: id.toUpperCase() }),
        // The column of `writer` is not called `writerId`: whoever writes the function says what it gets.
        writer: async (email: string) => ({ email }),
      },
      logging: false,
    },
  );
  instance.content.toUpperCase();
  created[0]?.model.toUpperCase();

  // @ts-expect-error an attribute of another type
  await createWithParents(Message, { content: 1 }, { ensure: {} });
  // @ts-expect-error a parent's attribute of another type
  await createWithParents(Message, {}, { ensure: { session: () => ({ userId: 7 }) } });
  // @ts-expect-error a key of another type
  await createWithParents(Message, {}, { ensure: { session: (id: Date) => ({ title: String(id) }) } });
  // @ts-expect-error neither a function nor columns
  await createWithParents(Message, {}, { ensure: { session: { userId: 'ada' } } });
  // @ts-expect-error a number instead of a memory
  await ensureParents(Message, {}, { ensure: {}, known: 7 });

  // Names that the classes do not declare, and models without types.
  await ensureParents(Message, [{}], { ensure: { 'Session.owner': (id: string) => ({ email: id }) } });
  const bulk = await bulkCreateWithParents(untyped, [{ anything: 1 }], {
    ensure: {
      shelf: {
        model: untyped,
        on: { room: 'room', shelf: 'code' },
        values: ({ room, code }: { room: number; code: string }) => ({ label: `${room}/${code}` }),
      },
    },
  });
  await bulk.instances[0]?.reload();
}
