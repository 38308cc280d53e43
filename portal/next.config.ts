// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import type { NextConfig } from "next";

const backend = process.env.HELIOS_URL ?? "http://127.0.0.1:8080";

/** The export: plain files, no server. In development, `next dev` passes the API's paths on to a running helios. */
const config: NextConfig = {
  ...(process.env.NODE_ENV === "development"
    ? { rewrites: async () => [{ source: "/api/:path*", destination: `${backend}/api/:path*` }] }
    : { output: "export" }),
  images: { unoptimized: true },
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  reactStrictMode: true,
};

export default config;
