import { ApiObject, Chart, JsonPatch } from 'cdk8s';

/** A chart gives its namespace to every object, also to those that have none. */
export function withoutChartNamespace(object: ApiObject): void {
  if (Chart.of(object).namespace !== undefined) { object.addJsonPatch(JsonPatch.remove('/metadata/namespace')); }
}
