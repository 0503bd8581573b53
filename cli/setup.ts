import type { Command } from 'commander';
import { defineCommand } from './command.js';
import { withTemporal } from './temporal.js';

/** `setup`: registers the search attributes. */
export function setupCommand(): Command {
  return defineCommand('setup', {
    description: 'register the search attributes of refunds in the namespace; a second run changes nothing',
    examples: ['setup --namespace payments'],
    run: async ({ output, env }) => {
      const { registerSearchAttributes } = await import('../worker/check-search-attributes.js');
      await withTemporal(env, async ({ connection, config: { namespace } }) => {
        const { added, present } = await registerSearchAttributes(connection, namespace);
        output.result({ namespace, added, present }, () =>
          added.length > 0
            ? `registered in namespace ${namespace}: ${added.join(', ')}`
            : `namespace ${namespace} has all search attributes already: ${present.join(', ')}`,
        );
      });
      return undefined;
    },
  });
}
