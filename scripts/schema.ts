/** The published schemas: what editors complete and check YAML files with. */
import { configSchema } from './schema-config.js';
import { rulesSchema } from './schema-rules.js';

/** File name below docs/schema to content. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['config.schema.json', `${JSON.stringify(configSchema(), null, 2)}\n`],
    ['rules.schema.json', `${JSON.stringify(rulesSchema(), null, 2)}\n`],
  ]);
}
