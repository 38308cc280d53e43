// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { Activity, BellRing, Boxes, ChartSpline, Gauge, LayoutDashboard, LineChart, Scaling, Settings, type LucideIcon } from "lucide-react";

export type NavigationItem = {
  title: string;
  href: string;
  icon: LucideIcon;
  /** The key after "g" that leads here. */
  key: string;
  /** For the command palette. */
  keywords?: string;
  /** A page appears once it is built: not in the navigation, the palette or the shortcuts before. */
  built: boolean;
};

/** Every page of the portal, in the order of the navigation. Whoever builds a page turns its flag. */
export const navigation: NavigationItem[] = [
  { title: "Dashboard", href: "/", icon: Gauge, key: "d", keywords: "home overview", built: true },
  { title: "Explorer", href: "/explorer", icon: LineChart, key: "e", keywords: "metrics series query", built: true },
  { title: "Predictions", href: "/predictions", icon: ChartSpline, key: "p", keywords: "forecasts accuracy", built: true },
  { title: "Alerts", href: "/alerts", icon: BellRing, key: "l", keywords: "rules incidents channels", built: true },
  { title: "Anomalies", href: "/anomalies", icon: Activity, key: "a", keywords: "detection timeline", built: true },
  { title: "Scaling", href: "/scaling", icon: Scaling, key: "s", keywords: "replicas targets advice", built: true },
  { title: "Models", href: "/models", icon: Boxes, key: "m", keywords: "training versions backtest", built: true },
  { title: "Dashboards", href: "/dashboards", icon: LayoutDashboard, key: "b", keywords: "compose charts", built: true },
  { title: "Settings", href: "/settings", icon: Settings, key: ",", keywords: "organization", built: true },
];

export const pages = navigation.filter((item) => item.built);

export type SettingsItem = { title: string; href: string; built: boolean };

/** The parts of the settings, under the same rule. */
export const settingsNavigation: SettingsItem[] = [
  { title: "Organization", href: "/settings", built: true },
  { title: "Team", href: "/settings/team", built: true },
  { title: "API keys", href: "/settings/api-keys", built: true },
  { title: "Integrations", href: "/settings/integrations", built: true },
  { title: "Billing", href: "/settings/billing", built: true },
  { title: "Audit log", href: "/settings/audit-log", built: true },
];

/** Whether `href` is the page at `path`, or holds it. */
export function isCurrent(href: string, path: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
