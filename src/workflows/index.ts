export {
  checkNowSignal,
  checkNowUpdate,
  decideSignal,
  decideUpdate,
  escalateSignal,
  notificationSignal,
  refundQuery,
} from './messages.js';
export { refund } from './refund.js';
