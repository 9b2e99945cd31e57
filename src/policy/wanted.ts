import type { DeclaredAction, Expected, Relation } from '../expected';
import type { ReferentialAction } from '../schema';
import { parentKeyOf } from './parent-key';
import type { OnDeletePolicy, OrphanPolicy, RelationOptions, Settings } from '../options';

/** One action after policy: what a live key must have, and what a new key gets. */
export interface WantedAction {
  /** `'any'` when nobody wrote an action: then no live key is ever wrong because of it. */
  readonly enforce: ReferentialAction | 'any';
  /** The action for a key that has to be created. */
  readonly create: ReferentialAction;
  /** Where `enforce` comes from: `default` is Sequelize's word, not an author's. */
  readonly source: 'explicit' | 'default' | 'option' | 'relation' | 'contradiction';
}

/** A relation with the options applied to it. */
export interface WantedRelation extends Relation {
  readonly wanted: { readonly onDelete: WantedAction; readonly onUpdate: WantedAction };
  readonly orphanPolicy: OrphanPolicy | 'reparent' | 'create';
  /** For `reparent`: the parent's key in text form, in the order of the columns. */
  readonly newParent?: readonly string[];
  /** True when the rows are declared to be disposable, such as sessions. */
  readonly disposable: boolean;
  /** How keys of another type are translated into the parent's. */
  readonly remap?: { readonly using: string };
  /** Which option decided about orphans, for messages. */
  readonly orphanOption: string;
}

/** Applies DESIGN's rules of whose ON DELETE wins (docs/policy.md) to every relation. */
export function applyPolicy(expected: Expected, settings: Settings): readonly WantedRelation[] {
  return expected.relations.map((relation) => {
    const own = settings.relations[relation.id] ?? {};
    return {
      ...relation,
      wanted: {
        onDelete: wantedOnDelete(relation.onDelete, settings.onDelete, own),
        onUpdate: wantedAction(relation.onUpdate, settings.onDelete),
      },
      ...orphanPolicy(relation, own, settings),
      disposable: own.disposable ?? false,
      ...(own.remap && { remap: own.remap }),
      orphanOption: own.orphans ? `relations['${relation.id}'].orphans` : 'orphans',
    };
  });
}

function orphanPolicy(
  relation: Relation,
  { orphans, disposable, reparent, createParent }: RelationOptions,
  settings: Settings,
): Pick<WantedRelation, 'orphanPolicy' | 'newParent'> {
  const newParent = reparent === undefined ? [] : parentKeyOf(relation, reparent);
  if (!('wrong' in newParent) && newParent.length > 0) return { orphanPolicy: 'reparent', newParent };
  if (createParent) return { orphanPolicy: 'create' };
  return { orphanPolicy: orphans ?? (disposable ? 'delete' : settings.orphans) };
}

function wantedOnDelete(
  declared: DeclaredAction,
  policy: OnDeletePolicy,
  own: RelationOptions,
): WantedAction {
  if (own.onDelete) return { enforce: own.onDelete, create: own.onDelete, source: 'relation' };
  const wanted = wantedAction(declared, policy);
  return wanted.source === 'default' && policy === 'CASCADE'
    ? { enforce: 'CASCADE', create: 'CASCADE', source: 'option' }
    : wanted;
}

function wantedAction(
  { resolved, explicit: [action, another] }: DeclaredAction,
  policy: OnDeletePolicy,
): WantedAction {
  if (another) return { enforce: 'any', create: resolved, source: 'contradiction' };
  if (policy === 'models') return { enforce: resolved, create: resolved, source: 'option' };
  if (action) return { enforce: action, create: action, source: 'explicit' };
  return { enforce: 'any', create: resolved, source: 'default' };
}
