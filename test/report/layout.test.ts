import { ageLabel, bytesLabel, durationLabel, timeLabel } from '../../src/report/layout';

test.each([
  [0, '0 ms'],
  [99.4, '99 ms'],
  [100, '0.1 s'],
  [59_900, '59.9 s'],
  [119_700, '2 min 0 s'],
  [200_000, '3 min 20 s'],
])('%d ms take %s', (milliseconds, label) => expect(durationLabel(milliseconds)).toBe(label));

test.each([
  [59_999, 'less than a minute'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [48 * 3_600_000 - 1, '47 h'],
  [48 * 3_600_000, '2 days'],
  [1500 * 86_400_000, '1,500 days'],
])('%d ms ago is %s', (milliseconds, label) => expect(ageLabel(milliseconds)).toBe(label));

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1.0 kB'],
  [49_152, '48 kB'],
  [1024 ** 3 * 1.25, '1.3 GB'],
  [1024 ** 5 * 3, '3072 TB'],
])('%d bytes are %s', (bytes, label) => expect(bytesLabel(bytes)).toBe(label));

test('a time is told to the minute', () => {
  expect(timeLabel('2026-11-28T01:35:37.505Z')).toBe('2026-11-28 01:35 UTC');
});
