export {
  checkNowSignal,
  checkNowUpdate,
  decideSignal,
  decideUpdate,
  escalateSignal,
  firstAnswerUpdate,
  notificationSignal,
  refundQuery,
} from './messages.js';
export { refund } from './refund.js';
