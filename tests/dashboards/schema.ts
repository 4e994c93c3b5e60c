// Which dashboards Grafana's own types allow. A file that schema.t makes of each
// dashboard is an object literal of this type: what is missing, wrong or unknown
// is an error of the compiler.
import type * as grafana from "@grafana/schema";
import type * as stat from "./node_modules/@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as bars from "./node_modules/@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen";
import type * as lines from "./node_modules/@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";
import type * as units from "@grafana/grafana-foundation-sdk/units";

// As JSON has it: the texts and numbers of an enum, and not its names.
type Plain<T> =
  T extends string ? (string extends T ? string : `${T}`) :
  T extends number ? (`${T}` extends `${infer N extends number}` ? N : never) :
  T extends Array<infer E> ? Array<Plain<E>> :
  T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

// Options that are not there are the panel's defaults.
type Some<T> =
  T extends Array<infer E> ? Array<Some<E>> :
  T extends object ? { [K in keyof T]?: Some<T[K]> } : T;

type Query = Plain<grafana.DataQuery>;
interface Prometheus extends Query {
  expr: string;
  instant: boolean;
  range: boolean;
  legendFormat: string;
}
interface InfluxDB extends Query {
  query: string;
  rawQuery: true;
  resultFormat: "table" | "time_series";
  alias: string;
}
interface Graphite extends Query {
  target: string;
}

type Panel<Type, Options, Custom> =
  Omit<Plain<grafana.Panel>, "type" | "options" | "fieldConfig" | "targets"> & {
    type: Type;
    options: Some<Plain<Options>>;
    targets: (Prometheus | InfluxDB | Graphite)[];
    fieldConfig: {
      overrides: [];
      defaults: Omit<Plain<grafana.FieldConfig>, "custom" | "unit"> & {
        custom: Some<Plain<Custom>>;
        unit: (typeof units)[keyof typeof units];
      };
    };
  };

export type Dashboard = Omit<Plain<grafana.Dashboard>, "panels"> & {
  panels: (Plain<grafana.RowPanel> |
    Panel<"stat", stat.Options, {}> |
    Panel<"bargauge", bars.Options, {}> |
    Panel<"timeseries", lines.Options, lines.FieldConfig>)[];
};
