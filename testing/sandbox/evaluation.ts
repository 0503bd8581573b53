import type { JsonObject } from '../../rules/request.js';
import type { Account } from './account.js';
import { result } from './result-bodies.js';

/** What an API would do with a request. Nothing has happened yet. */
export type Evaluation =
  /** The request itself is wrong. Rules for the call do not apply. */
  | { kind: 'invalid'; answer: JsonObject }
  | {
      kind: 'valid';
      /** The one time of everything that the request does. */
      at: Date;
      /** The answer if the request is carried out now. */
      answer: JsonObject;
      /** Every id that the call is about. Rules name calls by these ids. */
      ids: string[];
      /** The trades or payments whose rules apply. */
      accounts: Account[];
      /** Binds the content to the request id. WorldFirst does so for every request that it reads, refused ones too. */
      read: () => void;
      /** Carries the request out. */
      effect: () => void;
    };

/** The request breaks the API's rules. The answer names the mistake, so that a client's bug is easy to find. */
export function illegal(mistake: string): Evaluation {
  return { kind: 'invalid', answer: result('PARAM_ILLEGAL', 'F', `Illegal parameters exist. ${mistake}`) };
}
