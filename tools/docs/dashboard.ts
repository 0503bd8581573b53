import path from 'node:path';
import { METRICS, type Metric, prometheusName } from '../../rules/metrics.js';

/** The dashboard for Grafana, which is made from the table of metrics. */
export const dashboardFile = path.resolve(import.meta.dirname, '../../ops/grafana/dashboard.json');

const [WIDTH, HEIGHT] = [12, 8];

/** The content of that file. */
export function dashboardText(): string {
  const dashboard = {
    title: 'WorldFirst refunds',
    uid: 'worldfirst-refunds',
    schemaVersion: 39,
    refresh: '1m',
    time: { from: 'now-24h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        {
          name: 'taskQueue',
          type: 'query',
          datasource: SOURCE,
          query: `label_values(${prometheusName(METRICS.ended)}, taskQueue)`,
          includeAll: true,
          multi: true,
          allValue: '.*',
        },
      ],
    },
    panels: [...Object.values<Metric>(METRICS).map(panelOf), workers()].map((panel, index) => ({
      ...panel,
      id: index + 1,
      gridPos: {
        x: (index % 2) * WIDTH,
        y: Math.floor(index / 2) * HEIGHT,
        w: WIDTH,
        h: HEIGHT,
      },
    })),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of Grafana
const SOURCE = { type: 'prometheus', uid: '${datasource}' };

function panelOf(metric: Metric): object {
  const name = prometheusName(metric);
  const labels = metric.labels.join(', ');
  // Notifications are received by a process that has no task queue.
  const filter = metric === METRICS.notifications ? '' : '{taskQueue=~"$taskQueue"}';
  const expr = {
    histogram: `histogram_quantile(0.95, sum by (le, ${labels}) (rate(${name}_bucket${filter}[$__rate_interval])))`,
    counter: `sum by (${labels}) (increase(${name}${filter}[$__rate_interval]))`,
    gauge: `max by (taskQueue, ${labels}) (${name}${filter})`,
  }[metric.kind];
  const unit = metric.unit ? 's' : 'short';
  const title = metric.kind === 'histogram' ? `${name} (95 %)` : name;
  const legendFormat = metric.labels.map((label) => `{{${label}}}`).join(' ');
  return timeSeries(
    title,
    metric.meaning.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1'),
    unit,
    expr,
    legendFormat,
  );
}

/** A metric of Temporal's SDK: without pollers no refund goes on. */
function workers(): object {
  const expr = 'sum by (task_queue, poller_type) (temporal_num_pollers{task_queue=~"$taskQueue"})';
  const title = 'temporal_num_pollers';
  const about = 'Polls of the workers. Without any, no refund goes on.';
  return timeSeries(title, about, 'short', expr, '{{task_queue}} {{poller_type}}');
}

function timeSeries(title: string, description: string, unit: string, expr: string, legendFormat: string) {
  return {
    type: 'timeseries',
    title,
    description,
    datasource: SOURCE,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: [{ refId: 'A', datasource: SOURCE, expr, legendFormat }],
  };
}
