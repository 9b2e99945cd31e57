import type { Page } from 'playwright-core';

/** Tables and words of drawings that lie upon each other; those and arrows that hang out of their drawing. */
export const overlaps = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<SVGSVGElement>('svg.diagram')].flatMap((drawing) => {
      const { width, height } = drawing.viewBox.baseVal;
      const parts = [...drawing.querySelectorAll<SVGGElement>('.box, .words')].map((part) => ({
        name: part.textContent?.replace(/\s+/g, ' ') ?? '',
        box: part.getBBox(),
      }));
      const arrows = [...drawing.querySelectorAll<SVGGElement>('.arrow')].map((arrow) => ({
        name: arrow.querySelector('title')?.textContent ?? '',
        box: arrow.querySelector('path')?.getBBox() ?? drawing.getBBox(),
      }));
      const outside = [...parts, ...arrows].filter(
        ({ box }) => box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height,
      );
      const upon = parts.flatMap(({ name, box: a }, i) =>
        parts
          .slice(i + 1)
          .filter(
            ({ box: b }) =>
              a.x + a.width > b.x + 1 &&
              b.x + b.width > a.x + 1 &&
              a.y + a.height > b.y + 1 &&
              b.y + b.height > a.y + 1,
          )
          .map((other) => `${name} and ${other.name}`),
      );
      return [...outside.map(({ name }) => `${name} hangs out`), ...upon];
    }),
  );
