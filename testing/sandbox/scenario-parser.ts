import type { Product } from '../../rules/request.js';
import { FAULTS } from './faults.js';
import { DEFAULT_PLAN, type Plan } from './plan.js';
import { SCENARIOS, type Scenario, type Values } from './scenario-table.js';

/** The pattern of each capital-letter value. A code is recognized by its underscore. */
const PLACES: Record<keyof Values, string> = {
  N: '(?<N>\\d+)',
  CODE: '(?<CODE>[a-z]+(?:_[a-z0-9]+)+)',
  FAULT: `(?<FAULT>${FAULTS.map(({ word }) => word).join('|')})`,
  PHASE: '(?<PHASE>before|after)',
  CURRENCY: '(?<CURRENCY>[a-z]{3})',
  VALUE: '(?<VALUE>\\d{1,15})',
};

const READERS = SCENARIOS.map((scenario) => ({ scenario, pattern: patternOf(scenario.word) }));

function patternOf(word: string): RegExp {
  const pattern = word
    .replace(/\b[A-Z]+\b/g, (place) => PLACES[place as keyof Values])
    .replace(`-${PLACES.N}`, `(?:-${PLACES.N})?`);
  return new RegExp(`^${pattern}(?=-|$)`, 'i');
}

/** Reads the scenario words of an id. Other words, and words of the other product, have no effect. */
export function planOf(id: string, product: Product): Plan {
  return read(id, product).plan;
}

/**
 * Reads the `scenario` of a fixture.
 * @throws TypeError when any of its words is not in the table
 */
export function scenarioOf(words: string, product: Product): Plan {
  const { plan, unknownWords } = read(words, product);
  if (unknownWords.length > 0)
    throw new TypeError(`Not in the sandbox's table of words for ${product}: ${unknownWords.join(', ')}`);
  return plan;
}

function read(text: string, product: Product): { plan: Plan; unknownWords: string[] } {
  const unknownWords: string[] = [];
  let plan: Plan = { ...DEFAULT_PLAN };
  let rest = text;
  while (rest !== '') {
    const found = longestAt(rest, product);
    const length = found ? found.length : (rest.indexOf('-') + 1 || rest.length + 1) - 1;
    if (found) plan = merged(plan, found.scenario.plan(found.values));
    else if (length > 0) unknownWords.push(rest.slice(0, length));
    rest = rest.slice(length + 1);
  }
  return { plan, unknownWords };
}

/** The longest match: `refused-once-CODE` must win over a shorter word with the same beginning. */
function longestAt(
  text: string,
  product: Product,
): { scenario: Scenario; values: Values; length: number } | undefined {
  return READERS.filter(({ scenario }) => scenario.products.includes(product))
    .map(({ scenario, pattern }) => ({ scenario, match: pattern.exec(text) }))
    .filter((found): found is { scenario: Scenario; match: RegExpExecArray } => found.match !== null)
    .map(({ scenario, match }) => ({
      scenario,
      values: valuesOf(match.groups ?? {}),
      length: match[0].length,
    }))
    .sort((a, b) => b.length - a.length)[0];
}

function valuesOf(groups: Record<string, string | undefined>): Values {
  return {
    N: Math.max(1, Number(groups.N ?? 1)),
    CODE: groups.CODE?.toUpperCase() ?? '',
    FAULT: groups.FAULT?.toLowerCase() as Values['FAULT'],
    PHASE: groups.PHASE?.toLowerCase() as Values['PHASE'],
    CURRENCY: groups.CURRENCY?.toUpperCase() ?? '',
    VALUE: Number(groups.VALUE),
  };
}

function merged(plan: Plan, change: Partial<Plan>): Plan {
  return { ...plan, ...change, placed: [...plan.placed, ...(change.placed ?? [])] };
}
