import { createHash } from 'node:crypto';
import { databaseLabel, timeLabel } from '../layout';
import { pageScript, pageStyle } from './assets';
import { findingsSection } from './findings';
import { html, ownText, type Html } from './markup';
import { fullGraphSection, wrongGraphSection } from './graphs';
import type { ReportData } from './report-data';
import { quarantineSection } from './quarantine';
import { runsSection } from './runs';
import { tiles, verdict } from './tiles';

/**
 * One HTML file that needs nothing else: no request, no other script than its own, which the policy names by its hash.
 * Everything that is read out of the database or the models is escaped.
 */
export function htmlReport(data: ReportData): string {
  const { report, madeAt, tool } = data;
  const style = pageStyle();
  const script = pageScript();
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(style, script)}">
<meta name="color-scheme" content="light dark">
<title>Foreign keys of ${report.database.name}</title>
<style>${ownText(style)}</style>
</head>
<body>
<header>
<div>
<h1>Foreign keys of ${report.database.name}</h1>
<p class="faint">${databaseLabel(report.database)} · looked at on ${timeLabel(madeAt)} · ${tool.name} ${tool.version}</p>
</div>
<button type="button" id="theme" class="no-print" aria-pressed="false" hidden>Dark</button>
</header>
<main>
${verdict(report)}
${tiles(data)}
${sections(data)}
</main>
<script>${ownText(script)}</script>
</body>
</html>
`;
  return page.markup;
}

const sections = (data: ReportData): readonly Html[] => [
  wrongGraphSection(data.report),
  findingsSection(data),
  runsSection(data.status),
  quarantineSection(data.status),
  fullGraphSection(data.report),
];

const policy = (style: string, script: string): string =>
  `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; img-src data:; base-uri 'none'; form-action 'none'`;

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
