// SPDX-License-Identifier: LicenseRef-Helios-Commercial
export default { plugins: { "@tailwindcss/postcss": {} } };
