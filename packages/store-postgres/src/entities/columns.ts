import type { EntitySchemaColumnOptions } from 'typeorm';

type Columns = Record<string, EntitySchemaColumnOptions>;

/** A text that is compared byte by byte. */
export const plainText: EntitySchemaColumnOptions = { type: 'text', collation: 'C' };

/** The columns of an event, wherever it is kept. */
export function eventColumns(primaryKeyConstraintName: string): Columns {
  return {
    position: { type: 'bigint', primary: true, primaryKeyConstraintName },
    stream: plainText,
    version: { type: 'integer' },
    type: plainText,
    schema_version: { type: 'bigint' },
    at: plainText,
    actor: { type: 'json' },
    data: { type: 'json' },
    previous_hash: plainText,
    hash: plainText,
  };
}

/** The columns of a summary, wherever it is kept. */
export function summaryColumns(primaryKeyConstraintName: string): Columns {
  return {
    id: { ...plainText, primary: true, primaryKeyConstraintName },
    kind: plainText,
    stream: plainText,
    open: { type: 'boolean' },
    key: { ...plainText, nullable: true },
    namespace: { ...plainText, nullable: true },
    at: plainText,
    at_ms: { type: 'bigint' },
    data: { type: 'json' },
    position: { type: 'bigint' },
    archived: { type: 'boolean', default: false },
  };
}
