import type { AttentionNotifier } from '../activities/index.js';
import { parseInterval, type RefundOptions } from '../rules/schedule.js';
import { attentionWebhook } from './attention-webhook.js';
import { isReadableOnTheWay } from './plain-http.js';
import type { Variables } from './variables.js';
import { checkWebhook } from './webhook-options.js';

const URL_VARIABLE = 'REFUND_ATTENTION_WEBHOOK_URL';
const SECRET_VARIABLE = 'REFUND_ATTENTION_WEBHOOK_SECRET';
const REMINDER_VARIABLE = 'REFUND_ATTENTION_REMINDER';

const VARIABLE_OF: Record<string, string> = { url: URL_VARIABLE, secret: SECRET_VARIABLE };

/** Who is told that a refund needs a person: the webhook that is set, or nobody. */
export function attentionNotifier(variables: Variables): {
  notifyAttention?: AttentionNotifier;
  warnings: string[];
} {
  const [url, secret] = [variables.get(URL_VARIABLE), variables.get(SECRET_VARIABLE)];
  if (url === undefined && secret === undefined) return { warnings: [] };
  if (url === undefined) {
    variables.mistake(URL_VARIABLE, `is not set: set it to where notices go, or remove ${SECRET_VARIABLE}`);
  }
  if (secret === undefined) {
    variables.mistake(
      SECRET_VARIABLE,
      `is not set: set it to what notices are signed with, or remove ${URL_VARIABLE}`,
    );
  }
  const issues = checkWebhook({ url, secret }).filter(({ path }) => ({ url, secret })[path] !== undefined);
  for (const { path, message } of issues) variables.mistake(VARIABLE_OF[path] ?? path, message);
  if (url === undefined || secret === undefined || issues.length > 0) return { warnings: [] };
  const plain = isReadableOnTheWay(url);
  return {
    notifyAttention: attentionWebhook({ url, secret }),
    warnings: plain ? [`${URL_VARIABLE} is plain http: everyone on the way can read the notices.`] : [],
  };
}

/** When the outside is told once more, where the environment says so. */
export function reminder(variables: Variables): Pick<RefundOptions, 'remindAfter'> {
  const remindAfter = variables.get(REMINDER_VARIABLE);
  if (remindAfter === undefined) return {};
  if (parseInterval(remindAfter) === undefined) {
    const given = JSON.stringify(remindAfter);
    variables.mistake(REMINDER_VARIABLE, `must be an interval such as 24h, or 0s for none, and is ${given}`);
  }
  return { remindAfter };
}
