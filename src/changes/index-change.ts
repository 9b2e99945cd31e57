import type { TableName } from '../schema';

/** What can be done to an index. A step on a partition says which table it is about in the end. */
export type IndexChange =
  | {
      readonly op: 'drop-index';
      readonly table: TableName;
      readonly index: string;
      readonly partitionOf?: TableName;
    }
  | {
      readonly op: 'create-index';
      readonly table: TableName;
      readonly columns: readonly string[];
      readonly index: string;
    }
  | {
      readonly op: 'create-unique-index';
      readonly table: TableName;
      readonly columns: readonly string[];
      readonly index: string;
      readonly partitionOf?: TableName;
    }
  /** The index of a partitioned table, not valid until every partition's is attached to it. */
  | {
      readonly op: 'create-partitioned-index';
      readonly table: TableName;
      readonly columns: readonly string[];
      readonly index: string;
      readonly partitionOf?: TableName;
    }
  | {
      readonly op: 'attach-index';
      readonly table: TableName;
      readonly index: string;
      /** The index of the table one level above. */
      readonly to: TableName;
      readonly partitionOf: TableName;
    };
