/** Where the documentation is read; the same repository as in package.json. */
const DOCS = 'https://github.com/worldfirst-refunds/worldfirst-refunds/blob/main/docs';

/** What Temporal's own tools do to a refund: which are safe, and which are not. */
export const TEMPORAL_TOOLS_PAGE = `${DOCS}/temporal-tools.md`;

/** A run of a workflow in Temporal's Web UI. */
export function runLink(
  webUiUrl: string,
  { namespace, workflowId, runId }: { namespace: string; workflowId: string; runId: string },
): string {
  const run = [workflowId, runId].map(encodeURIComponent).join('/');
  return `${workflowsLink(webUiUrl, namespace)}/${run}`;
}

/**
 * The workflows that a list query finds, in Temporal's Web UI. The Web UI keeps the query as a saved view of this name in
 * the browser that opens the link.
 */
export function savedViewLink(webUiUrl: string, namespace: string, name: string, query: string): string {
  const parameters = `query=${encodeURIComponent(query)}&savedQuery=${encodeURIComponent(name)}`;
  return `${workflowsLink(webUiUrl, namespace)}?${parameters}`;
}

/** The list query for refunds that wait for an operator now. A stopped workflow keeps its last search attributes. */
export const WAITING_REFUNDS = "RefundStatus = 'needs-attention' AND ExecutionStatus = 'Running'";

/** The name of their saved view. */
export const WORK_QUEUE = 'Refunds that need an operator';

function workflowsLink(webUiUrl: string, namespace: string): string {
  return `${webUiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}
