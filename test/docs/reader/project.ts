import {
  Model,
  Sequelize,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
} from 'sequelize';
import { Model as DecoratedModel } from 'sequelize-typescript';

/** What the documents take from a reader's own files. */
export const sequelize = new Sequelize('postgres://localhost/booknexus');

class Typed<Self extends Model> extends Model<
  InferAttributes<Self>,
  Partial<InferCreationAttributes<Self>>
> {}

export class User extends Typed<User> {
  declare id: number;
  declare email: string;
}
export class Checkout extends Typed<Checkout> {
  declare id: number;
  declare userId: number;
  declare bookId: number;
}
export class Shelf extends Typed<Shelf> {
  declare room: string;
  declare code: string;
  declare label: string;
}
export class Copy extends Typed<Copy> {
  declare room: string;
  declare shelfCode: string;
  declare shelf?: NonAttribute<Shelf>;
}
export class AssistantChatSession extends Typed<AssistantChatSession> {
  declare id: string;
  declare userId: string;
  declare user?: NonAttribute<User>;
}
export class AssistantChatMessage extends Typed<AssistantChatMessage> {
  declare sessionId: string;
  declare content: string;
  declare session?: NonAttribute<AssistantChatSession>;
}

/** Models of sequelize-typescript. */
export class Reader extends DecoratedModel {
  declare name: string;
}
export class Loan extends DecoratedModel {
  declare readerId: number;
}
