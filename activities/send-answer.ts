import type { ProviderIds, SendAnswer } from '../rules/answer.js';
import type { ApiAnswer } from '../worldfirst/classify-response.js';
import { failureInfoOf, mismatch, refused, resultInfoOf, unknown, unreadable } from './answer-parts.js';

/**
 * WorldFirst's answer to a refund request.
 * @param taken reads an answer S: the ids in it, and where it differs from the request
 */
export function sendAnswer<Body>(
  answer: ApiAnswer<Body>,
  taken: (body: Body) => { ids: ProviderIds; differences: string[] },
): SendAnswer {
  // An old answer may be about another refund, and need not name any. An old answer to a question moves no money.
  if ('old' in answer && answer.old !== undefined) {
    const { old, code, message } = answer;
    return unknown({ reason: `${old} It says "${code}: ${message}", perhaps of another refund.` });
  }
  switch (answer.kind) {
    case 'success': {
      const { ids, differences } = taken(answer.body);
      if (differences.length > 0) return mismatch(answer, differences);
      return { kind: 'accepted', ids, ...resultInfoOf(answer) };
    }
    case 'unreadable':
      return unreadable(answer);
    case 'failure': {
      const { kind } = answer.meaning;
      if (kind === 'tryLater' || kind === 'idInUse') return { kind, ...failureInfoOf(answer) };
      return refused(answer, kind);
    }
    case 'unknown':
      return unknown(answer);
    case 'notSent':
      return answer;
  }
}
