import { databaseLabel, timeLabel } from '../layout';
import { findingsSection } from './findings';
import { fullGraphSection, wrongGraphSection } from './graphs';
import { html, NOTHING, ownText, type Html } from './markup';
import { quarantineSection } from './kept-copies';
import type { Asset, PageAssets, ReportData } from './report-data';
import { runsSection } from './runs';
import { tiles, verdict } from './tiles';

/**
 * One HTML file that needs nothing else: no request, no other script or style than its own, which the policy names by
 * their hashes. Everything that is read out of the database or the models is escaped.
 */
export function htmlReport(data: ReportData, { style, script }: PageAssets): string {
  const { report, madeAt, tool } = data;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy(style.hash, script.hash)}" />
        <meta name="color-scheme" content="light dark" />
        <title>Foreign keys of ${report.database.name}</title>
        ${element('style', style)}
      </head>
      <body>
        <header>
          <div>
            <h1>Foreign keys of <em>${report.database.name}</em></h1>
            <p class="faint">${databaseLabel(report.database)} · looked at on ${timeLabel(madeAt)}</p>
          </div>
          <button type="button" id="theme" class="no-print" hidden>Dark</button>
        </header>
        <main>${verdict(data)} ${tiles(data)} ${sections(data)}</main>
        <footer class="faint">
          ${tool.name} ${tool.version}. This page reads nothing and sends nothing.
        </footer>
        ${element('script', script)}
      </body>
    </html> `;
  return page.markup;
}

const sections = (data: ReportData): readonly Html[] => [
  wrongGraphSection(data.report),
  findingsSection(data),
  data.status ? runsSection(data.status) : NOTHING,
  data.status ? quarantineSection(data.status) : NOTHING,
  fullGraphSection(data.report),
];

const policy = (style: string, script: string): Html =>
  ownText(
    `default-src 'none'; style-src '${style}'; script-src '${script}'; base-uri 'none'; form-action 'none'`,
  );

/** To the letter, or the hash would not fit. */
const element = (name: string, { text }: Asset): Html => ownText(`<${name}>${text}</${name}>`);
