import { DataTypes, type Sequelize } from 'sequelize';

/** The story's tables, as its application's migrations have made them. */
export const TABLES = `
  create table "User" (id text primary key, email text unique);
  create table "AssistantChatSession" (
    id text primary key,
    "userId" text not null constraint "AssistantChatSession_userId_fkey" references "User" (id));
  create table "AssistantChatMessage" (
    id serial primary key, content text,
    "sessionId" text not null constraint "AssistantChatMessage_sessionId_fkey" references "AssistantChatSession" (id))`;

/** User ◀─ AssistantChatSession ◀─ AssistantChatMessage. */
export function defineModels(sequelize: Sequelize) {
  const key = { type: DataTypes.TEXT, primaryKey: true };
  const options = { timestamps: false, freezeTableName: true };
  const User = sequelize.define('User', { id: key, email: DataTypes.TEXT }, options);
  const Session = sequelize.define('AssistantChatSession', { id: key, userId: DataTypes.TEXT }, options);
  const Message = sequelize.define(
    'AssistantChatMessage',
    { content: DataTypes.TEXT, sessionId: DataTypes.TEXT },
    options,
  );
  Session.belongsTo(User, { as: 'user', foreignKey: 'userId' });
  Message.belongsTo(Session, { as: 'session', foreignKey: 'sessionId' });
  return { User, Session, Message };
}
