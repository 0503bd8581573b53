/** Where the documentation is read; the same repository as in package.json. */
const DOCS = 'https://github.com/worldfirst-refunds/worldfirst-refunds/blob/main/docs';

/** What Temporal's own tools do to a refund: which are safe, and which are not. */
export const TEMPORAL_TOOLS_PAGE = `${DOCS}/temporal-tools.md`;
