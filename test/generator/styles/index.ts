import type { Style } from '../style';
import { attributes } from './attributes';
import { belongsTo } from './belongs-to';
import { bothSides } from './both-sides';
import { has } from './has';
import { manyToMany } from './many-to-many';
import { tables } from './tables';
import { withoutKey } from './without-key';

export { cyclic } from './cyclic';
export { faulty } from './faulty';
export { unbuildable } from './unbuildable';

/** Every style that gives a healthy database. */
export const sound: readonly Style[] = [
  ...belongsTo,
  ...has,
  ...bothSides,
  ...manyToMany,
  ...attributes,
  ...withoutKey,
  ...tables,
];
